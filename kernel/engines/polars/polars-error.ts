import { WorkspaceError } from "#protocol/error.ts";
import { fullDisk } from "#protocol/system-error.ts";

import { castWords } from "../cast-words.ts";

/** How Polars says that a cast failed: some of the values are listed, of what it was at just then. */
const CAST =
  /^conversion from `.+?` to `.+?` failed in column '(.*?)' for \d+ out of \d+ values: \[(.*?)\]$/ms;

/** Of a list, what is neither text nor number, or not of one kind. */
const LIST = /^array element .* is not supported|^unexpected value while building Series of type/;

/** What Polars threw as an error, with its first line as message; of a cast without the values, which may be genotypes. */
export function polarsError(error: unknown): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const full = fullDisk(detail);
  if (full !== null) return new WorkspaceError({ code: "asset", ...full, detail }, { cause: error });
  const [, column, values] = CAST.exec(detail) ?? [];
  if (column !== undefined && values !== undefined) {
    const rows = { columns: [column], rows: values.split(/, (?:… )?/).map((value) => [unquoted(value)]) };
    return new WorkspaceError({ code: "engine", ...castWords(column), detail, rows }, { cause: error });
  }
  if (LIST.test(detail)) {
    return new WorkspaceError(
      {
        code: "engine",
        message: "Polars takes no such list",
        hint: "Let all of its items be texts, whole numbers, or numbers with a point (2.0, not 2), or use duckdb.",
        detail,
      },
      { cause: error },
    );
  }
  const message = detail.split("\n")[0] || "the engine failed without a word";
  const place = / at Line: (\d+), Column: (\d+)$/.exec(message);
  const span =
    place === null ? {} : { span: { line: Number(place[1]), column: Number(place[2]), length: 1 } };
  return new WorkspaceError({ code: "engine", message, detail, ...span }, { cause: error });
}

/** Texts are in quotes. */
function unquoted(value: string): string {
  return value.replace(/^"([\s\S]*)"$/, "$1");
}
