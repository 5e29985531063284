import { placeOf } from "#notebook/text-place.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import type { Connection } from "../engines/engine.ts";
import type { BoundSql } from "./live-sql.ts";

/** An integer that a double may not hold; and any text, which is passed over. */
const LONG_INTEGER = /"(?:[^"\\]+|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * DuckDB's own parse tree of one query.
 *
 * @throws {WorkspaceError} `notebook` for what is no single SELECT, with the place of the first error in `source`
 */
export async function parseQuery(
  cell: string,
  source: string,
  { sql, sourceIndex }: BoundSql,
  connection: Connection,
): Promise<unknown> {
  const [row] = await connection.rows<{ tree: string }>(
    "select json_serialize_sql($1::varchar)::varchar as tree",
    [sql],
  );
  const tree = JSON.parse(withWholeNumbers(row?.tree ?? "{}")) as SerialisedQuery;
  if (tree.error !== true && tree.statements?.length === 1) return tree;
  throw new WorkspaceError({
    code: "notebook",
    ...refusal(tree, sql),
    cell,
    span: { ...placeOf(source, sourceIndex(Number(tree.position ?? 0))), length: 1 },
  });
}

/** JSON with long integers as text: as numbers, two that differ could become one, and so the versions of two queries. */
function withWholeNumbers(json: string): string {
  return json.replaceAll(LONG_INTEGER, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

/** DuckDB says the same of all that is no SELECT, and looks the values of a PIVOT up with one before it. */
function refusal(
  { error_message: said, statements }: SerialisedQuery,
  sql: string,
): Pick<ErrorInfo, "message" | "hint"> {
  const hint = "Write one SELECT.";
  if (statements !== undefined) return { message: "a cell holds one query", hint };
  if (!said?.startsWith("Only SELECT statements")) return { message: said ?? "this is no query", hint };
  return /\bpivot\b/i.test(sql)
    ? {
        message: "a PIVOT without its values is no single query",
        hint: "Name them: pivot … on gene in ('APOE', 'LPA') using ….",
      }
    : { message: "this is no SELECT", hint };
}

interface SerialisedQuery {
  readonly error?: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/** Tables that the query reads, without the names it gives itself (WITH). In order, each once. */
export function tablesIn(tree: unknown): string[] {
  const tables = new Set<string>();
  const own = new Set<string>();
  walk(tree, (node) => {
    if (node["type"] === "BASE_TABLE" && typeof node["table_name"] === "string")
      tables.add(node["table_name"]);
    const map = node["cte_map"];
    if (typeof map !== "object" || map === null || !("map" in map) || !Array.isArray(map.map)) return;
    for (const entry of map.map as { key?: unknown }[]) if (typeof entry.key === "string") own.add(entry.key);
  });
  return [...tables].filter((table) => !own.has(table));
}

/** Table functions of DuckDB that make rows out of their arguments alone. */
const HARMLESS: ReadonlySet<string> = new Set([
  "generate_series",
  "json_each",
  "json_tree",
  "range",
  "repeat",
  "repeat_row",
  "unnest",
]);

/** Names of the table functions in the query that may reach a file or look at the engine itself, such as `read_csv`. */
export function fileFunctionsIn(tree: unknown): string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    const called = node["type"] === "TABLE_FUNCTION" ? node["function"] : null;
    if (typeof called !== "object" || called === null || !("function_name" in called)) return;
    found.push(String(called.function_name));
  });
  return found.filter((name) => !HARMLESS.has(name.toLowerCase()));
}

/** The tree without the places of its parts, which formatting and comments change. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPlaces(item));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "query_location");
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutPlaces(item)]));
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    visit(value as Record<string, unknown>);
    for (const item of Object.values(value)) walk(item, visit);
  }
}
