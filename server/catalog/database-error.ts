import { WorkspaceError } from "#protocol/error.ts";

type Refusal = readonly [message: string, hint: string];

const DAMAGED: Refusal = [
  "the catalog is damaged",
  "Bring back a copy; or move it away: what it kept can be made again.",
];
const FULL: Refusal = [
  "no space is left on the disk for the catalog",
  "Free some megabytes and do it again; then karyon gc, partitions rm and erase make more.",
];

/** What SQLite refuses and a person can mend, by its code: https://sqlite.org/rescode.html */
const REFUSALS: ReadonlyMap<number, Refusal> = new Map([
  [5, ["another process holds the catalog", "Wait until it is done, and do it again."]],
  [8, ["the catalog can only be read", "Change who may write its file and folder."]],
  [10, ["the disk of the catalog fails", "Look at the disk, and copy what matters away from it."]],
  [11, DAMAGED],
  [13, FULL],
  [14, ["the catalog cannot be opened", "Change who may read and write its file and folder."]],
  [26, DAMAGED],
  // Two failures of a disk (10) that are none: a file that is cut off, and one beside it that cannot grow.
  [522, DAMAGED],
  [4874, FULL],
]);

/** The codes of SQLite's words: of a question for several rows the driver tells nothing else. */
const CODES: ReadonlyMap<string, number> = new Map([
  ["database is locked", 5],
  ["attempt to write a readonly database", 8],
  ["disk I/O error", 10],
  ["database disk image is malformed", 11],
  ["malformed JSON", 11],
  ["database or disk is full", 13],
  ["unable to open database file", 14],
  ["file is not a database", 26],
]);

/** An error of SQLite, or of JSON that it keeps, in words; any other as it is. */
export function databaseError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === null || !(error instanceof Error)) return error;
  // The upper bits tell cases of one kind apart.
  const found = REFUSALS.get(code) ?? REFUSALS.get(code & 0xff);
  if (found === undefined) return error;
  const [message, hint] = found;
  return new WorkspaceError(
    { code: "asset", message: `${message}: ${path}`, hint, detail: error.message },
    { cause: error },
  );
}

/** Whether an error says, in words, that there is no space. */
export function isFull(error: unknown): boolean {
  return error instanceof WorkspaceError && error.info.message.startsWith(FULL[0]);
}

function codeOf(error: unknown): number | null {
  // What is written down is JSON: what is none was changed on the disk.
  if (error instanceof SyntaxError) return 11;
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") return null;
  return "errcode" in error ? Number(error.errcode) : (CODES.get(error.message) ?? null);
}
