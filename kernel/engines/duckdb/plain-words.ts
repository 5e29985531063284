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

/** Of memory that is used up, of a column that is not there or has a name that we need, and of values of another type than a function takes; null for all else. */
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
  if (called === undefined || types === undefined) return null;
  return {
    message: `${called} does not take ${types.replaceAll("_LITERAL", "")}`,
    hint: "Say what a value is meant as: try_cast(… as integer) gives null where it is none.",
  };
}
