import type { AssetKey } from "#protocol/ids.ts";
import type { ColumnFacts, ColumnSource, Produced } from "#protocol/record.ts";

import type { QueryLineage } from "../query/column-lineage.ts";
import type { TableColumnRef } from "../query/plan-columns.ts";

/** Columns of another name than the query has by its own engine are of another plan: of them nothing is known. */
export function withOrigins(
  columns: readonly ColumnFacts[],
  lineage: QueryLineage | null,
): Pick<Produced, "columns" | "rowsFrom"> {
  if (lineage === null || columns.some(({ name }, at) => name !== lineage.columns[at]?.name))
    return { columns };
  return {
    columns: columns.map((one, at) => ({ ...one, ...originAt(lineage, at) })),
    rowsFrom: sources(lineage.rows),
  };
}

function originAt({ columns }: QueryLineage, at: number): Pick<ColumnFacts, "origin"> {
  const column = columns[at];
  return column === undefined ? {} : { origin: { how: column.how, of: sources(column.of) } };
}

function sources(refs: Iterable<TableColumnRef>): ColumnSource[] {
  return Array.from(refs, ({ table, column }) => ({ asset: table as AssetKey, column }));
}
