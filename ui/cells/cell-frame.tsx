import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { selectedWith } from "../state/selection.ts";
import { NARROW, useMedia } from "../shell/use-media.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { CellTools } from "./cell-tools.tsx";
import { InsertBar } from "./insert-bar.tsx";
import { extendOnShift } from "./extend-on-shift.ts";
import { ModeChip } from "./mode-chip.tsx";
import { useFix } from "./use-fix.ts";

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
  const focused = usePageValue(({ page }) => page.focusedCell === cell.id);
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  const chosen = usePageValue(({ page }) => selectedWith(page, cell.id));
  const outputView = usePageValue(({ page }) => page.outputViews[cell.id]);
  const selected = chosen > 1;
  const fix = useFix(cell);
  const narrow = useMedia(NARROW);
  return (
    <article
      id={cellAnchor(cell.id)}
      className={["cell", focused ? "focused" : "", selected ? "selected" : ""].join(" ").trim()}
      data-output={outputView}
      data-state={cell.error === null ? (state ?? "none") : "error"}
      data-kind={cell.kind}
      tabIndex={-1}
      aria-label={label}
      onFocus={() => store.focus(cell.id)}
      onMouseDown={(event) => extendOnShift(event, () => store.extendTo(cell.id))}
    >
      <div className="gutter" title={label}>
        {mark}
        {focused ? <ModeChip editing={editing} selected={chosen} /> : null}
      </div>
      <div className="box">
        {/* A failed asset says it itself. */}
        {cell.error === null || (state === "failed" && cell.asset !== null) ? null : (
          <ErrorCard error={cell.error} inCell={cell.id} action={fix} />
        )}
        {narrow ? null : <CellTools cell={cell} />}
        {children}
        {narrow ? <CellTools cell={cell} /> : null}
      </div>
      <InsertBar after={cell.id} name={cell.name ?? `the ${cell.language} cell`} />
    </article>
  );
}
