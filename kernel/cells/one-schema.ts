import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

import { duckdb } from "../engines/duckdb.ts";
import { quoteName } from "../engines/engine.ts";
import type { Connection, Engine } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { bareStatement } from "../engines/sql-text.ts";
import { isInteger, tableColumns } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

/** The query of a cell, with the tables that it reads. */
export interface CellQuery {
  readonly cell: string;
  readonly sql: string;
  readonly tables: readonly { readonly name: string; readonly path: string }[];
}

/** Opens an engine that reads these files, and what is in the step's staging directory. */
export type Open = (engine: Engine, paths: readonly string[]) => Promise<Connection>;

/**
 * The text of a query for the engine that a run chose, so that its table has the schema that the cell's own gives: what
 * is made from it finds the columns that it reads. Integers of another width, as of a `count(*)`, are cast; a column of
 * another type is refused, for then the engines mean another thing (`7 / 2` is 3.5 on DuckDB and 3 on Polars).
 *
 * Both are asked before any row is read, over tables without rows. A query that the own engine refuses has no schema to
 * hold to.
 *
 * @throws {WorkspaceError} `engine` at the first column that differs
 */
export async function inOneSchema(
  query: CellQuery,
  { own, chosen }: { readonly own: Engine; readonly chosen: Engine },
  folder: string,
  open: Open,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const describing = await open(
    duckdb,
    query.tables.map(({ path }) => path),
  );
  try {
    const empty: CellQuery["tables"] = query.tables.map(({ name }, at) => ({
      name,
      path: join(folder, `empty-${at}.parquet`),
    }));
    for (const [at, { path }] of query.tables.entries()) {
      const rows = `select * from ${parquetRows(path)} limit 0`;
      await describing.sink(rows, empty[at]?.path ?? "");
    }
    const columnsOn = async (engine: Engine): Promise<readonly TableColumn[]> => {
      const connection = engine === duckdb ? describing : await open(engine, []);
      const target = join(folder, `${engine.name}.parquet`);
      try {
        for (const { name, path } of empty) await connection.register(name, path);
        await connection.sink(query.sql, target);
      } finally {
        if (connection !== describing) connection.close();
      }
      return await tableColumns(describing, target);
    };
    const given = await columnsOn(chosen);
    const wanted = await columnsOn(own).catch((error: unknown) => {
      if (error instanceof WorkspaceError && error.info.code === "engine") return given;
      throw error;
    });
    return cast(query, given, wanted, { own, chosen });
  } finally {
    describing.close();
  }
}

function cast(
  { cell, sql }: CellQuery,
  given: readonly TableColumn[],
  wanted: readonly TableColumn[],
  engines: { readonly own: Engine; readonly chosen: Engine },
): string {
  const columns = Array.from({ length: Math.max(given.length, wanted.length) }, (_, at) => {
    const [is, was] = [given[at], wanted[at]];
    if (is === undefined || was === undefined || is.name !== was.name) throw refused(cell, is, was, engines);
    if (is.type === was.type) return quoteName(is.name);
    if (!isInteger(is) || !isInteger(was)) throw refused(cell, is, was, engines);
    return `cast(${quoteName(is.name)} as ${was.type}) as ${quoteName(is.name)}`;
  });
  if (given.every(({ type }, at) => type === wanted[at]?.type)) return sql;
  return `with karyon_made as (${bareStatement(sql)}) select ${columns.join(", ")} from karyon_made`;
}

function refused(
  cell: string,
  is: TableColumn | undefined,
  was: TableColumn | undefined,
  { own, chosen }: { readonly own: Engine; readonly chosen: Engine },
): WorkspaceError {
  const words = (column: TableColumn | undefined, { name }: Engine): string =>
    `${column === undefined ? "no column" : `${column.name} ${column.type}`} on ${name}`;
  return new WorkspaceError({
    code: "engine",
    message: `another schema: ${words(is, chosen)}, ${words(was, own)}`,
    hint: "Cast it in the cell, so that every engine gives the same; or leave the engine of the run out.",
    cell,
  });
}
