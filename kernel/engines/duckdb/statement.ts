import { LIST, listValue, VARCHAR } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";

import { WorkspaceError, stopped } from "#protocol/error.ts";

import type { Value } from "../engine.ts";
import { bareStatement } from "../sql-text.ts";
import { engineError } from "./engine-error.ts";

const INT32 = 2 ** 31;
const INT64 = 2n ** 63n;

/**
 * Runs the statements of a text in order and gives the last one, prepared and bound, to `use`. Parameters
 * are those of the whole text: `$2` is the second value in whichever statement it stands.
 */
export async function withLastStatement<T>(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly Value[],
  signal: AbortSignal,
  use: (statement: DuckDBPreparedStatement, count: number) => Promise<T>,
): Promise<T> {
  if (bareStatement(sql) === "") {
    throw new WorkspaceError({ code: "engine", message: "nothing to run", hint: "Write a statement." });
  }
  const statements = await connection.extractStatements(sql);
  for (let i = 0; ; i++) {
    if (signal.aborted) throw stopped();
    let statement: DuckDBPreparedStatement | undefined;
    try {
      statement = await statements.prepare(i);
      bind(statement, parameters);
      if (i === statements.count - 1) return await use(statement, statements.count);
      await statement.run();
    } catch (error) {
      // DuckDB counts the place from the wrong start in all statements but the first.
      throw i === 0 ? error : engineError(error, "");
    } finally {
      statement?.destroySync();
    }
  }
}

function bind(statement: DuckDBPreparedStatement, parameters: readonly Value[]): void {
  let bound = 0;
  for (const [i, value] of parameters.entries()) {
    if (i >= statement.parameterCount || !hasParameter(statement, i + 1)) continue;
    bindValue(statement, i + 1, value);
    bound++;
  }
  if (bound === statement.parameterCount) return;
  throw new WorkspaceError({
    code: "engine",
    message: `parameters without a value: ${statement.parameterCount - bound} of ${statement.parameterCount}`,
    hint: "Number parameters from $1 and give each a value.",
  });
}

/** Whether a statement has the parameter of this number. The binding has no way to ask: it throws. */
function hasParameter(statement: DuckDBPreparedStatement, index: number): boolean {
  try {
    return statement.parameterName(index) !== "";
  } catch {
    return false;
  }
}

/** Whole numbers are bound as such: compared with a DOUBLE, an integer column could not use its statistics. */
function bindValue(statement: DuckDBPreparedStatement, index: number, value: Value): void {
  if (value === null) statement.bindNull(index);
  else if (typeof value === "string") statement.bindVarchar(index, value);
  else if (typeof value === "boolean") statement.bindBoolean(index, value);
  else if (typeof value === "bigint") {
    if (value >= -INT64 && value < INT64) statement.bindBigInt(index, value);
    else statement.bindHugeInt(index, value);
  } else if (typeof value !== "number") statement.bindList(index, listValue(value), LIST(VARCHAR));
  else if (!Number.isSafeInteger(value) || Object.is(value, -0)) statement.bindDouble(index, value);
  else if (value >= -INT32 && value < INT32) statement.bindInteger(index, value);
  else statement.bindBigInt(index, BigInt(value));
}
