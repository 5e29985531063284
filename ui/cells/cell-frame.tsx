import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { selectedCells } from "../state/selection.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { CellTools } from "./cell-tools.tsx";
import { InsertBar } from "./insert-bar.tsx";
import { extendOnShift } from "./extend-on-shift.ts";
import { ModeChip } from "./mode-chip.tsx";

interface Props {
  readonly cell: CellView;
  /** For tests and style; null for a cell that has no state. */
  readonly state: string | null;
  readonly label: string;
  readonly mark: ReactNode;
  readonly children: ReactNode;
}

/** Gutter and box of a cell that computes. A static error of the cell stands first. */
export function CellFrame({ cell, state, label, mark, children }: Props): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const focused = page.focusedCell === cell.id;
  const chosen = selectedCells(page);
  const selected = chosen.length > 1 && chosen.some((one) => one.id === cell.id);
  return (
    <article
      id={cellAnchor(cell.id)}
      className={["cell", focused ? "focused" : "", selected ? "selected" : ""].join(" ").trim()}
      data-output={page.outputViews[cell.id]}
      data-state={cell.error === null ? (state ?? "none") : "error"}
      data-kind={cell.kind}
      tabIndex={-1}
      aria-label={label}
      onFocus={() => store.focus(cell.id)}
      onMouseDown={(event) => extendOnShift(event, () => store.extendTo(cell.id))}
    >
      <div className="gutter" title={label}>
        {mark}
        {focused ? <ModeChip editing={page.editing?.cell === cell.id} selected={chosen.length} /> : null}
      </div>
      <div className="box">
        {/* A failed asset says it itself. */}
        {cell.error === null || state === "failed" ? null : <ErrorCard error={cell.error} />}
        {children}
        <CellTools cell={cell} />
      </div>
      <InsertBar after={cell.id} name={cell.name ?? `the ${cell.language} cell`} />
    </article>
  );
}
