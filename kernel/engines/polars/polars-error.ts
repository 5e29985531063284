import { WorkspaceError } from "#protocol/error.ts";
import { fullDisk } from "#protocol/system-error.ts";

/** What Polars threw as an error with its first line as message. */
export function polarsError(error: unknown): WorkspaceError {
  if (error instanceof WorkspaceError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const full = fullDisk(detail);
  if (full !== null) return new WorkspaceError({ code: "asset", ...full, detail }, { cause: error });
  const message = detail.split("\n")[0] || "the engine failed without a word";
  const place = / at Line: (\d+), Column: (\d+)$/.exec(message);
  const span =
    place === null ? {} : { span: { line: Number(place[1]), column: Number(place[2]), length: 1 } };
  return new WorkspaceError({ code: "engine", message, detail, ...span }, { cause: error });
}
