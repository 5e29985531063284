import type { Connection } from "../engines/engine.ts";
import { tableColumns } from "../engines/table-columns.ts";
import type { QueryLineage } from "../query/column-lineage.ts";
import { referenceColumns } from "./join.ts";
import { joinedColumns } from "./joined-columns.ts";

/** What a join reads: names of its assets, and where they lie. */
interface JoinInputs {
  readonly variants: { readonly name: string; readonly path: string };
  readonly reference: { readonly name: string; readonly shards: ReadonlyMap<string, string> };
  /** Columns of the reference that are taken over; null: all. */
  readonly columns: readonly string[] | null;
}

/** Columns that say whether two rows say the same change. */
const COMPARED: readonly string[] = ["chrom", "start", "ref", "alt"];

/** Where the columns of a join are from: every row of the variants stays, in its order, whatever the reference has. */
export async function joinLineage(
  { variants, reference, columns }: JoinInputs,
  facts: Connection,
): Promise<QueryLineage> {
  const own = (await tableColumns(facts, variants.path)).map(({ name }) => name);
  const added = joinedColumns(own, await referenceColumns(reference.shards, facts), columns);
  const copied = (table: string, column: string, name: string): QueryLineage["columns"][number] => ({
    name,
    how: "copied",
    of: new Set([{ table, column }]),
  });
  const compared = [variants.name, reference.name].flatMap((table) =>
    COMPARED.map((column) => ({ table, column })),
  );
  return {
    columns: [
      ...own.map((name) => copied(variants.name, name, name)),
      ...added.columns.map(({ from, to }) => copied(reference.name, from, to)),
      { name: added.match, how: "computed", of: new Set(compared) },
    ],
    rows: new Set(),
  };
}
