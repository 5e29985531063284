import { WorkspaceError } from "#protocol/error.ts";

import type { Connection } from "../engines/engine.ts";
import { quoteName } from "../engines/engine.ts";
import { bareStatement } from "../engines/sql-text.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { planColumns } from "./plan-columns.ts";
import type { Origin, PlanColumns } from "./plan-columns.ts";
import { Opaque } from "./plan-node.ts";

export interface ReadTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
}

export interface QueryLineage extends Pick<PlanColumns, "rows"> {
  readonly columns: readonly (Origin & { readonly name: string })[];
}

/**
 * Where each column of a query is from, among the columns of the tables that it reads. The query is bound, and not run:
 * over tables without rows, which only this connection sees and which are gone afterwards.
 *
 * @returns null when that is not known: DuckDB does not take the query, or has something in its plan that is not told of
 */
export async function columnLineage(
  sql: string,
  tables: readonly ReadTable[],
  connection: Connection,
): Promise<QueryLineage | null> {
  const query = bareStatement(sql);
  try {
    for (const { name, columns } of tables) {
      const list = columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(", ");
      await connection.run(`create temp table ${quoteName(name)} (${list})`);
    }
    const described = await connection.rows<{ column_name: string }>(`describe ${query}`);
    const [row] = await connection.rows<{ plan: string }>(
      "select json_serialize_plan($1::varchar, optimize := false)::varchar as plan",
      [query],
    );
    const { plans } = JSON.parse(row?.plan ?? "{}") as { plans?: readonly unknown[] };
    const { columns, rows } = planColumns(plans?.[0]);
    if (columns.length !== described.length) return null;
    const names = described.map(({ column_name: name }) => name);
    return { columns: columns.map((origin, at) => ({ ...origin, name: names[at] ?? "" })), rows };
  } catch (error) {
    const isEngines = error instanceof WorkspaceError && error.info.code === "engine";
    if (error instanceof Opaque || isEngines) return null;
    throw error;
  } finally {
    const names = tables.map(({ name }) => `drop table if exists temp.${quoteName(name)}`);
    if (names.length > 0) await connection.run(names.join("; "));
  }
}
