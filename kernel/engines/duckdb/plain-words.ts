import { castWords } from "../cast-words.ts";

/** What DuckDB says of a defect in SQL, as words for people. */
export interface PlainWords {
  readonly message: string;
  readonly hint: string;
}

/** How DuckDB says that a name is no column: in a SELECT, of a table, after EXCLUDE or REPLACE, after USING. */
const NO_COLUMN = [
  /^Binder Error: Referenced column "(.+?)" not found in FROM clause/,
  /^Binder Error: Table ".+?" does not have a column named "(.+?)"/,
  /^Binder Error: Column "(.+?)" in (?:EXCLUDE|REPLACE|RENAME) list not found/,
  /^Binder Error: Column "(.+?)" does not exist on (?:left|right) side of join/,
];
const NO_FUNCTION = /^Binder Error: No function matches the given name and argument types '(.+?)(\(.*\))'/;

const NO_MEMORY = /^Out of Memory Error: .*?\(([\d.]+ \wi?B)\/([\d.]+ \wi?B) used\)/;

/** Whether DuckDB had no memory left to go on with: what it holds at that moment cannot be spilled. */
export function isOutOfMemory(detail: string): boolean {
  return detail.startsWith("Out of Memory Error");
}

/** What a query meets in a row, and not in its text. */
const VALUE = /^(?:Conversion|Out of Range|Invalid Input) Error: /;

/** Whether DuckDB failed at a value of some row, which its words may quote. */
export function isAtValue(detail: string): boolean {
  return VALUE.test(detail);
}

/** Of what DuckDB failed at, without the value: it may be a genotype, and messages are written down. */
function valueWords(detail: string): PlainWords | null {
  const [, column] = /^Conversion Error: [\s\S]*? when casting from source column (.+)$/m.exec(detail) ?? [];
  if (detail.startsWith("Conversion Error: ")) return castWords(column);
  const [, format] =
    /^Invalid Input Error: Could not parse string [\s\S]* according to format specifier "(.*)"$/m.exec(
      detail,
    ) ?? [];
  if (format !== undefined) {
    return {
      message: `a value is no time of the format ${format}`,
      hint: "Write try_strptime(…, …), which gives null there, or leave such rows out.",
    };
  }
  const [, operation, type] = /^Out of Range Error: Overflow in (\w+) of (\w+)/.exec(detail) ?? [];
  if (operation === undefined || type === undefined) return null;
  return {
    message: `a result is too large or too small: ${operation} of ${type}`,
    hint: "Cast what it is computed from to a wider type first, such as bigint or double.",
  };
}

/**
 * Of memory that is used up, of a column that is not there or has a name that we need, of values of another type than a
 * function takes, and of a value that a query fails at; null for all else.
 */
export function plainWords(detail: string): PlainWords | null {
  const column = NO_COLUMN.map((pattern) => pattern.exec(detail)?.[1]).find((name) => name !== undefined);
  if (column !== undefined) {
    const listed = /^Candidate bindings: (.*)$/m.exec(detail)?.[1] ?? "";
    const like = [...listed.matchAll(/"([^"]+)"/g)].map(([, name]) => name);
    return {
      message: `no column ${column}`,
      hint: `${like.length === 0 ? "No column has a name like it" : `Columns with a name like it: ${like.join(", ")}`}. What a file does not state is no column of its table.`,
    };
  }
  if (isOutOfMemory(detail)) {
    const [, held, most] = NO_MEMORY.exec(detail) ?? [];
    const how = held === undefined || most === undefined ? "" : `: the engine held ${held} of ${most}`;
    return {
      message: `out of memory${how}`,
      hint: "Run it on less, or give the engine more with KARYON_MEMORY or fewer threads with KARYON_WORKERS.",
    };
  }
  if (detail.includes("file with column named file_row_number")) {
    return {
      message: "a table with a column named file_row_number cannot be looked at",
      hint: "Give the column another name in the cell that makes it: rows are numbered by this one.",
    };
  }
  const [, called, types] = NO_FUNCTION.exec(detail) ?? [];
  if (called === undefined || types === undefined) return valueWords(detail);
  return {
    message: `${called} does not take ${types.replaceAll("_LITERAL", "")}`,
    hint: "Say what a value is meant as: try_cast(… as integer) gives null where it is none.",
  };
}
