import { basename } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

import { fileMark } from "../file-mark.ts";

/** What tells each shard from one that takes its place: path → mark of the file. */
export async function shardMarks(shards: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for (const path of shards.values()) {
    marks.set(path, (await fileMark(path)) ?? "gone");
  }
  return marks;
}

/** @throws {WorkspaceError} `asset` at the first shard that is not what it was; `cause`: what came of reading it */
export function requireSameShards(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
  cause?: unknown,
): void {
  for (const [path, mark] of before) {
    if (now.get(path) === mark) continue;
    throw new WorkspaceError(
      {
        code: "asset",
        message: `the reference changed while it was read: ${basename(path)}`,
        hint: "Run it again when the file is whole.",
      },
      { cause },
    );
  }
}
