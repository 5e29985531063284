import { WorkspaceError } from "#protocol/error.ts";
import type { CellText, StepOrder } from "#protocol/kernel-messages.ts";

import type { WorkContext } from "../cells/cell-type.ts";
import { hashValue } from "../cells/hash-value.ts";
import { quoteName } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { MOST_ROWS, shownRows } from "../query/failing-rows.ts";
import { parseQuery, withoutPlaces } from "../query/parse-query.ts";

/** A check that is a query gives the rows that fail; any other is a condition. */
const QUERY = /^\s*(?:select|with|from)\b/i;

/**
 * The part of a code version that a `check=` is: nothing without one, and formatting does not count.
 *
 * @throws {WorkspaceError} `notebook` for what is neither a condition nor a query, and for a check of what is no kept table
 */
export async function checkPart(
  cell: CellText,
  isTable: boolean,
  connect: () => Promise<Connection>,
): Promise<Readonly<Record<string, string>>> {
  const check = cell.attributes["check"];
  if (check === undefined) return {};
  if (!isTable) {
    throw new WorkspaceError({
      code: "notebook",
      message: "a check of what is no table that is kept",
      hint: "Take check out of the first line, or keep the table: asset.",
      cell: cell.name,
    });
  }
  const connection = await connect();
  try {
    const sql = QUERY.test(check) ? check : `select (${check}\n)`;
    const tree = await parseQuery(cell.name, check, { sql, sourceIndex: () => 0 }, connection);
    return { check: hashValue(withoutPlaces(tree)) };
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    // Of the fence no place inside of it is known.
    const { span: _, ...info } = error.info;
    throw new WorkspaceError(
      {
        ...info,
        message: `not a check: ${check}: ${info.message}`,
        hint: "Write a condition, such as count(*) > 0, or a SELECT of the rows that fail.",
      },
      { cause: error },
    );
  } finally {
    connection.close();
  }
}

/**
 * Holds a table that is staged against the check of its cell, which reads it, and what it was made from, by their names.
 * A condition holds for each row, or, with aggregates, for all together; where it is null it is not broken.
 *
 * @throws {WorkspaceError} `check` when it is broken, with the first rows that break it; `engine` when it cannot be told
 */
export async function checkTable(
  { asset, cell, inputs }: StepOrder,
  table: string,
  { connect, signal, progress }: Pick<WorkContext, "connect" | "signal" | "progress">,
): Promise<void> {
  const check = cell.attributes["check"];
  if (check === undefined) return;
  progress({ phase: "checking" });
  const read = inputs.flatMap((input): (readonly [string, string])[] => {
    const file = input.table === null ? undefined : input.files[input.table];
    return file === undefined ? [] : [[input.asset, file.path]];
  });
  const connection = await connect({ allowedPaths: [table, ...read.map(([, path]) => path)] });
  try {
    for (const [name, path] of read) await connection.register(name, path);
    await connection.register(asset, table);
    const rows = await failing(check, asset, connection, signal);
    if (rows !== null) throw broken(cell, check, rows);
  } finally {
    connection.close();
  }
}

type Row = Readonly<Record<string, string | null>>;

/** The first rows that break a check, as text; none for a condition on all of them together. Null: it holds. */
async function failing(
  check: string,
  asset: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly Row[] | null> {
  const first = async (query: string): Promise<Row[] | null> => {
    const text = `select columns(*)::varchar from (${query}\n) limit ${MOST_ROWS}`;
    const rows = await connection.rows<Row>(text, [], signal);
    return rows.length === 0 ? null : rows;
  };
  if (QUERY.test(check)) return first(check);
  const name = quoteName(asset);
  try {
    return await first(`select * from ${name} where not (${check}\n)`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof WorkspaceError) || error.info.code !== "engine") throw error;
    // What is counted stands in no WHERE; any other mistake is told by this too.
    const together = `select 1 from (select not (${check}\n) as broken from ${name}) where broken limit 1`;
    return (await connection.rows(together, [], signal)).length === 0 ? null : [];
  }
}

function broken({ name }: CellText, check: string, rows: readonly Row[]): WorkspaceError {
  return new WorkspaceError({
    code: "check",
    message: `check failed: ${check}`,
    hint: "Mend what it is made from, its text, or the check. What was made before stands.",
    cell: name,
    ...(rows.length === 0 ? {} : { rows: shownRows(rows, []) }),
  });
}
