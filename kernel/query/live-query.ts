import { indexOf } from "#notebook/text-place.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { LiveCell, LiveQuery } from "#protocol/kernel-messages.ts";

import { quoteName } from "../engines/engine.ts";
import type { Connection, Value } from "../engines/engine.ts";
import { bareStatement } from "../engines/sql-text.ts";
import { withFailingRows } from "./failing-rows.ts";
import { bindSql, inCell } from "./live-sql.ts";
import type { BoundSql } from "./live-sql.ts";
import { parseQuery, fileFunctionsIn, tablesIn } from "./parse-query.ts";

/** Where the text of a cell stands in the SQL that runs. */
interface Placed {
  readonly cell: LiveCell;
  readonly bound: BoundSql;
  readonly start: number;
}

/**
 * Runs the last of some live cells, the others as what it reads (WITH), on a connection that reaches the tables
 * of the query and no other file. `parser` is a connection of DuckDB that only looks at the text.
 *
 * @throws {WorkspaceError} with the cell and the place in its text, for what the engine refuses too
 */
export async function* liveQuery(
  { cells, tables, limit }: LiveQuery,
  connection: Connection,
  parser: Connection,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const parameters: Value[] = [];
  const placed: Placed[] = [];
  let sql = "with ";
  const known = new Set(Object.keys(tables));
  for (const [i, cell] of cells.entries()) {
    const bound = bindIn(cell, (value) => `$${parameters.push(value)}`);
    await check(cell, bound, known, parser);
    known.add(cell.name);
    sql += `${i === 0 ? "" : ", "}${quoteName(cell.name)} as (\n`;
    placed.push({ cell, bound, start: sql.length });
    sql += `${bareStatement(bound.sql)}\n)`;
  }
  const asked = cells.at(-1);
  if (asked === undefined) throw new Error("a live query has a cell");
  sql += `\nselect * from ${quoteName(asked.name)} limit ${Math.trunc(limit)}`;
  try {
    yield* connection.stream(sql, parameters, signal).messages;
  } catch (error) {
    throw named(await withFailingRows(error, { sql, parameters }, connection, signal), sql, placed, asked);
  }
}

function bindIn(cell: LiveCell, bind: (value: Value) => string): BoundSql {
  try {
    return bindSql(cell.source, cell.values, bind);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    throw new WorkspaceError({ ...error.info, cell: cell.name }, { cause: error });
  }
}

/** A cell reads tables by their names: a function that names a file, or looks at the engine itself, is refused. */
async function check(
  cell: LiveCell,
  bound: BoundSql,
  known: ReadonlySet<string>,
  parser: Connection,
): Promise<void> {
  const tree = await parseQuery(cell.name, cell.source, bound, parser);
  const [refused] = fileFunctionsIn(tree);
  const missing = tablesIn(tree).find((name) => !known.has(name));
  if (refused === undefined && missing === undefined) return;
  throw new WorkspaceError({
    code: "notebook",
    message: refused === undefined ? `table not found: ${missing ?? ""}` : `not for a cell: ${refused}()`,
    hint: "Read an asset or another cell by its name.",
    cell: cell.name,
  });
}

/** An error of the engine, told of the cell whose text it points at. */
function named(error: unknown, sql: string, placed: readonly Placed[], asked: LiveCell): unknown {
  if (!(error instanceof WorkspaceError) || error.info.code !== "engine") return error;
  const info = errorInfo(error);
  const index = info.span === undefined ? -1 : indexOf(sql, info.span);
  const at = placed.findLast(({ start }) => start <= index);
  return new WorkspaceError(
    at === undefined
      ? inCell(info, asked.name, asked.source, null)
      : inCell(info, at.cell.name, at.cell.source, at.bound.sourceIndex(index - at.start)),
    { cause: error },
  );
}
