import { join } from "node:path";

import { holes } from "#graph/template-holes.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import type { Engine } from "../engines/engine.ts";
import { engines } from "../engines/index.ts";
import { tableColumns } from "../engines/table-columns.ts";
import { columnLineage } from "../query/column-lineage.ts";
import type { QueryLineage, ReadTable } from "../query/column-lineage.ts";
import { withFailingRows } from "../query/failing-rows.ts";
import { bindSql } from "../query/live-sql.ts";
import { fileFunctionsIn, parseQuery, tablesIn, withoutPlaces } from "../query/parse-query.ts";
import type { CellType, WorkContext } from "./cell-type.ts";
import { anyEngine } from "./engine-choice.ts";
import { hashValue } from "./hash-value.ts";
import { inputTable } from "./input-files.ts";
import { inOneSchema } from "./one-schema.ts";
import type { CellQuery, Open } from "./one-schema.ts";

/** `sql NAME asset`: a table made by one query over other assets, by their names. */
export const sql: CellType = {
  name: "sql",
  code: import.meta.url,
  takes: (cell) => cell.language === "sql" && "asset" in cell.attributes,
  async analyse(cell, { connect }) {
    const [hole] = holes(cell.source).expressions;
    if (hole !== undefined) {
      throw new WorkspaceError({
        code: "notebook",
        message: "a ${} in a table that is kept",
        hint: "Write the value itself, or take asset away: what is kept cannot hang on a page.",
        cell: cell.name,
        span: { line: hole.line, column: Math.max(1, hole.column - 2), length: hole.text.length + 3 },
      });
    }
    const connection = await connect();
    try {
      const text = { sql: cell.source, sourceIndex: (index: number) => index };
      const tree = await parseQuery(cell.name, cell.source, text, connection);
      const engine = engineOf(cell);
      refuseFiles(cell, tree);
      return {
        inputs: tablesIn(tree),
        // Formatting and comments are not in the tree, so they are not in the version.
        parts: { source: hashValue(withoutPlaces(tree)), [engine.name]: engine.version },
        output: "table",
        engine: anyEngine(engine),
        ofText: true,
      };
    } finally {
      connection.close();
    }
  },
  async materialise(step, { connect, connectShared, spill, signal, progress }) {
    const words = { hint: "Read an asset that is one.", cell: step.cell.name };
    const tables = step.inputs.map((input) => ({ name: input.asset, path: inputTable(input, words).path }));
    const open: Open = (engine, allowedPaths) =>
      engine === duckdb
        ? connect({ allowedPaths, allowedDirectories: [step.staging] })
        : engine.open({ spillDirectory: spill });
    const [own, engine] = [engineOf(step.cell), engineOf(step.cell, step.engine)];
    const { name: cell, source } = step.cell;
    const query = { cell, sql: source, tables };
    const text =
      engine === own
        ? source
        : await inOneSchema(query, { own, chosen: engine }, join(step.staging, "schema"), open);
    const paths = tables.map(({ path }) => path);
    const connection = await open(engine, paths);
    try {
      for (const { name, path } of tables) await connection.register(name, path);
      progress({ phase: "running the query" });
      const table = `${step.asset}.parquet`;
      await connection.sink(text, join(step.staging, table), { signal }).catch(async (error: unknown) => {
        throw await withFailingRows(error, { sql: text }, connection, signal);
      });
      const lineage = await lineageOf(query, connectShared);
      return { files: [table], table, facts: null, engine: engineText(engine), lineage };
    } finally {
      connection.close();
    }
  },
};

async function lineageOf(
  { sql, tables }: CellQuery,
  connect: WorkContext["connectShared"],
): Promise<QueryLineage | null> {
  const connection = await connect();
  try {
    const read: ReadTable[] = [];
    for (const { name, path } of tables) read.push({ name, columns: await tableColumns(connection, path) });
    return await columnLineage(sql, read, connection);
  } finally {
    connection.close();
  }
}

/** `sql NAME`: a table that is computed when it is looked at, over assets and other such cells, by their names. */
export const liveSql: CellType = {
  name: "sql",
  code: import.meta.url,
  live: true,
  takes: (cell) => cell.language === "sql" && !("asset" in cell.attributes),
  async analyse(cell, { connect }) {
    const bound = bindSql(cell.source, null, () => "null");
    const connection = await connect();
    try {
      const tree = await parseQuery(cell.name, cell.source, bound, connection);
      engineOf(cell);
      refuseFiles(cell, tree);
      return { inputs: tablesIn(tree), parts: {}, output: "table", ofText: true };
    } finally {
      connection.close();
    }
  },
};

/** @throws {WorkspaceError} `notebook` for an engine that is not there */
function engineOf(cell: CellText, chosen: string | null = null): Engine {
  const name = chosen ?? cell.attributes["engine"] ?? duckdb.name;
  const found = engines.find((engine) => engine.name === name);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "notebook",
    message: `no such engine: ${name}`,
    hint: `Write engine=${engines.map((engine) => engine.name).join(" or engine=")}.`,
    cell: cell.name,
  });
}

/** Tables are read by their names: Polars could not be kept from a file that a function names, and DuckDB says no late. */
function refuseFiles(cell: CellText, tree: unknown): void {
  const [refused] = fileFunctionsIn(tree);
  if (refused === undefined) return;
  throw new WorkspaceError({
    code: "notebook",
    message: `not for a cell: ${refused}()`,
    hint: "Read an asset or another cell by its name.",
    cell: cell.name,
  });
}
