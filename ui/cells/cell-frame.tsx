import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { ErrorCard } from "../shell/error-card.tsx";

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
  const focused = usePage().page.focusedCell === cell.id;
  return (
    <article
      id={cellAnchor(cell.id)}
      className={focused ? "cell focused" : "cell"}
      data-state={cell.error === null ? (state ?? "none") : "error"}
      data-kind={cell.kind}
      tabIndex={-1}
      aria-label={label}
      onFocus={() => store.focus(cell.id)}
    >
      <div className="gutter" title={label}>
        {mark}
      </div>
      <div className="box">
        {cell.error === null ? null : <ErrorCard error={cell.error} />}
        {children}
      </div>
    </article>
  );
}
