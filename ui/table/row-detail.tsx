import { useEffect, useLayoutEffect, useRef } from "react";
import type { KeyboardEvent, ReactNode } from "react";

import { count } from "#protocol/numerals.ts";

import { NARROW } from "../shell/use-media.ts";
import { cellText } from "./cell-text.ts";
import type { TablePages } from "./table-pages.ts";

interface Props {
  readonly table: TablePages;
  /** 0-based. */
  readonly row: number;
  /** What stands below the fields, once they are here. */
  readonly renderFoot: ((row: Readonly<Record<string, unknown>>) => ReactNode) | undefined;
  readonly onMove: (row: number) => void;
  readonly onClose: () => void;
}

/** One row as a list of its fields; ← and → lead to the rows beside it. */
export function RowDetail({ table, row, renderFoot, onMove, onClose }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    // On a narrow page it stands below the table, and may be out of sight.
    if (matchMedia(NARROW).matches) box.current?.scrollIntoView({ block: "nearest" });
  }, []);
  // At an end of the table the button that led there is disabled, and the browser would take the focus from here.
  useLayoutEffect(() => {
    const { activeElement } = document;
    if (box.current?.contains(activeElement) && activeElement?.matches(":disabled"))
      box.current.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    // A button that has the focus is pressed by Space, too.
    if (event.key === " " && event.target instanceof HTMLButtonElement) return;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step !== undefined) onMove(Math.min(Math.max(0, row + step), table.rows - 1));
    else if (event.key === "Escape" || event.key === " ") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={box}
      className="row-detail"
      role="dialog"
      aria-label={`row ${count(row + 1)}`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="detail-head">
        <button
          type="button"
          className="button quiet"
          aria-label="row before"
          disabled={row <= 0}
          onClick={() => onMove(row - 1)}
        >
          ←
        </button>
        <span>row {count(row + 1)}</span>
        <button
          type="button"
          className="button quiet"
          aria-label="row after"
          disabled={row >= table.rows - 1}
          onClick={() => onMove(row + 1)}
        >
          →
        </button>
        <span className="space" />
        <button type="button" className="button quiet close" aria-label="Close the row" onClick={onClose}>
          ✕
        </button>
      </div>
      <dl tabIndex={0} aria-label="fields">
        {table.columns.map((column, index) => (
          <div key={column.name}>
            <dt>{column.name}</dt>
            <dd className={column.mono ? "mono" : undefined}>
              <bdi>{table.has(row) ? cellText(table.value(row, index), column.kind) : "·"}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {renderFoot === undefined || !table.has(row) ? null : renderFoot(valuesOf(table, row))}
    </div>
  );
}

function valuesOf(table: TablePages, row: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(table.columns.map(({ name }, index) => [name, table.value(row, index)]));
}
