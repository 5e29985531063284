import { stat } from "node:fs/promises";

import type { IngestSummary, SourceFile } from "#protocol/annotation.ts";
import { errorInfo } from "#protocol/error.ts";
import type { TracedFile } from "#protocol/trace.ts";

import type { WorkContext } from "../cells/cell-type.ts";
import { sources } from "../sources/index.ts";
import type { WantedLines } from "../sources/source.ts";
import type { FileLine } from "./became.ts";

/** A genome file as it was read, and where it lies now; null: it is no longer of the sample. */
export interface ExpectedFile extends SourceFile {
  readonly path: string | null;
}

const CHANGED = "it is another file than the one that was read, and its lines are others";

export interface ReadFiles {
  readonly files: readonly TracedFile[];
  readonly lines: readonly FileLine[];
}

/** Looks the lines up in the files that are still those that were read. */
export async function readFiles(
  files: readonly ExpectedFile[],
  wanted: WantedLines,
  ingest: IngestSummary,
  context: WorkContext,
): Promise<ReadFiles> {
  const source = sources.find(({ name }) => name === (ingest.kind === "array" ? "array" : "vcf"));
  if (source === undefined) throw new Error("the source that read the genome is gone");
  const states: TracedFile[] = [];
  const lines: FileLine[] = [];
  for (const { name, path, bytes, sha256 } of files) {
    const told = (state: TracedFile["state"], reason: string | null): void =>
      void states.push({ name, state, reason });
    if (path === null) {
      told("gone", "the sample has other genome files by now");
      continue;
    }
    const size = await sizeOf(path);
    if (size !== bytes) {
      if (size === null) told("gone", `it is not where it was: ${path}`);
      else told("changed", CHANGED);
      continue;
    }
    try {
      const found = await source.findLines(path, wanted, context);
      if (found.sha256 === sha256) {
        lines.push(...found.lines.map((line) => ({ ...line, file: name })));
        told("read", null);
      } else told("changed", CHANGED);
    } catch (error) {
      context.signal.throwIfAborted();
      const { message, at } = errorInfo(error);
      told("failed", at === undefined ? message : `${message} (${at})`);
    }
  }
  return { files: states, lines };
}

/** Null where no file is. */
async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? found.size : null;
}
