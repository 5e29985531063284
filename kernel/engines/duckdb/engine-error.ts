import { WorkspaceError } from "#protocol/error.ts";
import type { Span } from "#protocol/error.ts";
import { fullDisk } from "#protocol/system-error.ts";

import { isAtValue, isOutOfMemory, plainWords } from "./plain-words.ts";

/**
 * What DuckDB threw as an error, in plain words where we have them, else with its first line as message, and with
 * the place in the SQL where it says so.
 * DuckDB throws plain errors; those of the language are defects of ours and stay what they are.
 */
export function engineError(error: unknown, sql: string): Error {
  if (error instanceof WorkspaceError || error instanceof TypeError || error instanceof RangeError)
    return error;
  const said = error instanceof Error ? error.message : String(error);
  const detail = said.replace(/^Failed to extract statements: /, "");
  const span = spanIn(detail, sql);
  const full = fullDisk(detail);
  const words = full ??
    plainWords(detail) ?? { message: detail.split("\n")[0] || "the engine failed without a word" };
  return new WorkspaceError(
    {
      code: full !== null ? "asset" : isOutOfMemory(detail) ? "memory" : "engine",
      ...words,
      detail,
      ...(isAtValue(detail) ? { rows: { columns: [], rows: [] } } : {}),
      ...(span === null ? {} : { span }),
    },
    { cause: error },
  );
}

/**
 * The place that DuckDB points at: a line `LINE 3: select foo`, cut with `...` where it is long, above a
 * line with a caret. The cut line is looked for in the SQL, for its column is not said.
 */
function spanIn(detail: string, sql: string): Span | null {
  const found = /^LINE (\d+): (.*)\n( *)\^/m.exec(detail);
  if (found === null) return null;
  const [, number = "", shown = "", indent = ""] = found;
  const line = Number(number);
  const source = sql.split("\n")[line - 1] ?? "";
  const isCut = shown.startsWith("...");
  const excerpt = shown.slice(isCut ? 3 : 0).replace(/\.\.\.$/, "");
  const start = isCut ? source.indexOf(excerpt) : 0;
  if (start < 0) return null;
  const caret = indent.length - `LINE ${number}: `.length - (isCut ? 3 : 0);
  const column = start + caret;
  if (column < 0 || column > source.length) return null;
  const token = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|\w+)/.exec(source.slice(column));
  return { line, column: column + 1, length: token?.[0].length ?? 1 };
}
