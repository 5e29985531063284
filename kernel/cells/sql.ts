import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

import { duckdb } from "../engines/duckdb.ts";
import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./yaml-cell.ts";

/** `sql NAME asset`: a table made by one query over other assets, by their names. */
export const sql: CellType = {
  name: "sql",
  takes: (cell) => cell.language === "sql" && "asset" in cell.attributes,
  async analyse(cell, { connect }) {
    const connection = await connect();
    try {
      const tree = await parseQuery(cell.name, cell.source, connection);
      return {
        inputs: tablesIn(tree),
        // Formatting and comments are not in the tree, so they are not in the version.
        parts: { source: hashValue(withoutPlaces(tree)), duckdb: duckdb.version },
        output: "table",
      };
    } finally {
      connection.close();
    }
  },
  async materialise(step, { connect, signal, progress }) {
    const connection = await connect();
    try {
      for (const input of step.inputs) {
        const file = input.table === null ? undefined : input.files[input.table];
        if (file === undefined) {
          throw new WorkspaceError({
            code: "asset",
            message: `${input.asset} is no table`,
            hint: "Read an asset that is one.",
            cell: step.cell.name,
          });
        }
        await connection.run(
          `create view ${quoteName(input.asset)} as from read_parquet(${quoteText(file.path)})`,
        );
      }
      progress({ phase: "running the query" });
      const table = `${step.asset}.parquet`;
      const path = join(step.staging, table);
      await connection.run(
        `copy (${step.cell.source}) to ${quoteText(path)} (format parquet, compression zstd)`,
        [],
        signal,
      );
      return { files: [table], table, facts: null, engine: `duckdb ${duckdb.version}` };
    } finally {
      connection.close();
    }
  },
};

/**
 * DuckDB's own parse tree of one query.
 *
 * @throws {WorkspaceError} `notebook` for what is no single SELECT, with the place of the first error
 */
async function parseQuery(cell: string, text: string, connection: Connection): Promise<unknown> {
  const [row] = await connection.rows<{ tree: string }>(
    "select json_serialize_sql($1::varchar)::varchar as tree",
    [text],
  );
  const tree = JSON.parse(row?.tree ?? "{}") as SerialisedQuery;
  if (tree.error !== true && tree.statements?.length === 1) return tree;
  const offset = Number(tree.position ?? 0);
  const before = text.slice(0, offset).split("\n");
  throw new WorkspaceError({
    code: "notebook",
    message: tree.error_message ?? "a cell holds one query",
    hint: "Write one SELECT.",
    cell,
    span: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, length: 1 },
  });
}

interface SerialisedQuery {
  readonly error?: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/** Tables that the query reads, without the names it gives itself (WITH). In order, each once. */
function tablesIn(tree: unknown): string[] {
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

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    visit(value as Record<string, unknown>);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutPlaces(item));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "query_location");
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutPlaces(item)]));
}
