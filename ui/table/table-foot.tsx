import type { ReactNode } from "react";

import { count, counted } from "#protocol/numerals.ts";

import type { RowRange } from "./window.ts";

interface Props {
  readonly rows: number;
  readonly exact: boolean;
  /** Rows of the table without filters; null when that is not known, or the table is not narrowed. */
  readonly of: number | null;
  /** 0-based rows that are seen. */
  readonly seen: RowRange;
  readonly selected: number;
  /** What was just done with the rows. */
  readonly note: string;
  /** 0-based row that can be opened whole; null: none. */
  readonly row: number | null;
  readonly onOpenRow: () => void;
  readonly children: ReactNode;
}

/** Which rows are seen, of how many, and how sure that is. */
export function TableFoot(props: Props): ReactNode {
  const { rows, exact, of, seen, selected, note, row } = props;
  const sure = exact ? "exact" : "partial";
  const total = of === null ? count(rows) : `${count(rows)} of ${count(of)}`;
  return (
    <div className="output-foot">
      <span>
        {rows === 0
          ? `${of === null ? "0 rows" : `0 of ${counted(of, "row")}`}, ${sure}`
          : of === null
            ? `rows ${count(seen.first + 1)}–${count(seen.last + 1)} of ${total}, ${sure}`
            : `rows ${count(seen.first + 1)}–${count(seen.last + 1)} · ${total}, ${sure}`}
      </span>
      {row === null ? null : (
        <button type="button" className="link" title="Space, or a double click" onClick={props.onOpenRow}>
          Open row {count(row + 1)}
        </button>
      )}
      {selected === 0 ? null : <span>{counted(selected, "row")} chosen</span>}
      <span role="status">{note}</span>
      {/* What a filter or a search leaves, for those who do not see the numbers change. */}
      <span className="announcer" role="status">
        {of === null ? "" : `${total} rows`}
      </span>
      <span className="space" />
      {props.children}
    </div>
  );
}
