import type { ReactNode } from "react";

import { count, counted } from "#protocol/numerals.ts";

import { cellText } from "../table/cell-text.ts";
import type { Column } from "../table/columns.ts";
import type { TablePages } from "../table/table-pages.ts";
import { usePrinting } from "./use-printing.ts";

/** Rows of a table on paper: a reader of more opens the file. */
const ROWS_PRINTED = 40;
/** What fits beside one another on a page of A4, in pixels of the screen's columns. */
const WIDTH_PX = 860;

/** A table on paper, where nothing scrolls: its first rows and columns, and how much there is besides. */
export function PrintRows({ table }: { readonly table: TablePages }): ReactNode {
  if (!usePrinting() || table.rows === 0) return null;
  const columns = fitting(table.columns);
  const rows = Array.from({ length: Math.min(ROWS_PRINTED, table.rows) }, (_, row) => row);
  const beside = table.columns.length - columns.length;
  return (
    <table className="print-table">
      <thead>
        <tr>
          {columns.map(({ name, numeric }) => (
            <th key={name} scope="col" className={numeric ? "right" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {columns.map(({ name, kind, numeric }, column) => (
              <td key={name} className={numeric ? "right" : undefined}>
                {cellText(table.value(row, column), kind)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <caption>
        {rows.length < table.rows
          ? `the first ${rows.length} of ${count(table.rows)} rows`
          : counted(table.rows, "row")}
        {beside === 0 ? "" : `; ${counted(beside, "more column")} in the file`}
      </caption>
    </table>
  );
}

function fitting(columns: readonly Column[]): readonly Column[] {
  let room = WIDTH_PX;
  const end = columns.findIndex(({ width }) => (room -= width) < 0);
  return end < 0 ? columns : columns.slice(0, Math.max(1, end));
}
