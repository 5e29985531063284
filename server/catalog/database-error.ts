import { WorkspaceError } from "#protocol/error.ts";

type Refusal = readonly [message: string, hint: string];

const DAMAGED: Refusal = [
  "the catalog is damaged",
  "Bring back a copy; or move it away: what it kept can be made again.",
];
const FULL: Refusal = ["no space is left on the disk for the catalog", "Free some space and do it again."];

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

/** An error of SQLite in words; any other as it is. */
export function databaseError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  const code = Number(error.errcode);
  // The upper bits tell cases of one kind apart.
  const found = REFUSALS.get(code) ?? REFUSALS.get(code & 0xff);
  if (found === undefined) return error;
  const [message, hint] = found;
  return new WorkspaceError(
    { code: "asset", message: `${message}: ${path}`, hint, detail: error.message },
    { cause: error },
  );
}
