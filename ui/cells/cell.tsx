import type { ReactNode } from "react";

import type { AssetView, CellView } from "#protocol/view.ts";

import { StateMark } from "../shell/state-mark.tsx";
import { AssetCell } from "./asset-cell.tsx";
import { CellFrame } from "./cell-frame.tsx";
import { CellCode } from "./cell-code.tsx";
import { ModuleCode, isModuleCell } from "./module-code.tsx";
import { LiveOutput } from "./js-output.tsx";
import { ProseCell } from "./prose-cell.tsx";

interface Props {
  readonly cell: CellView;
  /** The asset that it declares, when the graph has it. */
  readonly asset: AssetView | null;
}

export function Cell({ cell, asset }: Props): ReactNode {
  if (cell.kind === "markdown") return <ProseCell cell={cell} />;
  if (asset !== null) return <AssetCell cell={cell} asset={asset} />;
  const name = cell.name ?? `${cell.language} cell`;
  return (
    <CellFrame
      cell={cell}
      state={null}
      label={name}
      mark={cell.error === null ? null : <StateMark state="failed" />}
    >
      <div className="cell-head">
        <h2 className="cell-name">{name}</h2>
        <span className="tag">
          {cell.kind === cell.language ? cell.kind : `${cell.kind} · ${cell.language}`}
        </span>
      </div>
      {isModuleCell(cell) ? <ModuleCode cell={cell} name={name} /> : <CellCode cell={cell} name={name} />}
      <LiveOutput cell={cell} />
    </CellFrame>
  );
}
