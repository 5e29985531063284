import { useState } from "react";
import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { usePageValue, useStore } from "../shell/use-store.tsx";
import { CellCode } from "./cell-code.tsx";
import { ModuleGrid } from "./module-grid.tsx";
import { Tabs } from "./tabs.tsx";

interface Props {
  readonly cell: CellView;
  readonly name: string;
}

/** A module's text, and the same as a table of its variants. */
export function ModuleCode({ cell, name }: Props): ReactNode {
  const store = useStore();
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  const [wanted, setWanted] = useState<"Text" | "Variants">("Text");
  // Who goes to write in the cell writes in its text.
  const chosen = editing ? "Text" : wanted;
  const choose = (next: typeof chosen): void => {
    if (editing) store.endEdit();
    setWanted(next);
  };
  return (
    <div className="module-code">
      <Tabs label={`module ${name}`} names={["Text", "Variants"]} chosen={chosen} onChoose={choose}>
        {chosen === "Text" ? <CellCode cell={cell} name={name} /> : <ModuleGrid cell={cell} />}
      </Tabs>
    </div>
  );
}

/** Whether a cell is an annotation module written in the notebook. */
export function isModuleCell(cell: CellView): boolean {
  return cell.language === "yaml" && "module" in cell.attributes;
}
