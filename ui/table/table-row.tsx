import { memo } from "react";
import type { MouseEvent, NamedExoticComponent, ReactNode } from "react";

import { cellText } from "./cell-text.ts";
import type { Column } from "./columns.ts";
import { textPx } from "./columns.ts";
import type { TablePages } from "./table-pages.ts";
import type { RowRange } from "./window.ts";

interface Props {
  /** Prefix of the ids of its cells. */
  readonly id: string;
  readonly table: TablePages;
  /** 0-based. */
  readonly row: number;
  /** Pixels below the header. */
  readonly top: number;
  readonly columns: RowRange & { readonly left: number };
  /** Column that the keyboard is at. */
  readonly cursor: number | null;
  readonly loaded: boolean;
  /** Whether a person has chosen the row. */
  readonly selected: boolean;
  readonly onChoose: (column: number, event: MouseEvent) => void;
}

export const TableRow: NamedExoticComponent<Props> = memo(Row, (a, b) => {
  const same = (["table", "row", "top", "cursor", "loaded", "selected"] as const).every(
    (name) => a[name] === b[name],
  );
  return same && a.columns.first === b.columns.first && a.columns.last === b.columns.last;
});

function Row({ id, table, row, top, columns, cursor, loaded, selected, onChoose }: Props): ReactNode {
  const shown = table.columns.slice(columns.first, columns.last + 1);
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-busy={!loaded}
      aria-selected={selected}
      className="grid-row"
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className="grid-shift" style={{ width: columns.left }} role="presentation" />
      {shown.map((column, index) => {
        const number = columns.first + index;
        const value = table.value(row, number);
        return (
          <div
            key={number}
            id={`${id}-${row}-${number}`}
            role="gridcell"
            aria-colindex={number + 1}
            className={cellClass(column, value, cursor === number)}
            style={{ width: column.width }}
            onMouseDown={(event) => onChoose(number, event)}
          >
            <Value column={column} value={value} loaded={loaded} />
          </div>
        );
      })}
    </div>
  );
}

interface ValueProps {
  readonly column: Column;
  readonly value: unknown;
  readonly loaded: boolean;
}

function Value({ column, value, loaded }: ValueProps): ReactNode {
  if (!loaded) return <span className="not-here">·</span>;
  const text = cellText(value, column.kind);
  if (column.scale === null) {
    return <bdi title={textPx(text, column.mono) > column.width ? text : undefined}>{text}</bdi>;
  }
  return (
    <>
      {typeof value === "number" ? <Bar value={value} scale={column.scale} /> : <span className="bar" />}
      <bdi className="bar-number">{text}</bdi>
    </>
  );
}

/** A bar from the middle: negative to the left, positive to the right; the sign stands beside it. */
function Bar({ value, scale }: { readonly value: number; readonly scale: number }): ReactNode {
  const part = Math.min(1, Math.abs(value) / scale) * 50;
  const side = value < 0 ? "negative" : "positive";
  const style = value < 0 ? { right: "50%", width: `${part}%` } : { left: "50%", width: `${part}%` };
  return (
    <span className="bar" aria-hidden="true">
      <span className={side} style={style} />
    </span>
  );
}

function cellClass(column: Column, value: unknown, current: boolean): string {
  return [
    "grid-cell",
    column.numeric && column.scale === null ? "right" : "",
    column.mono ? "mono" : "",
    value === null || value === undefined ? "empty" : "",
    current ? "current" : "",
  ]
    .filter((name) => name !== "")
    .join(" ");
}
