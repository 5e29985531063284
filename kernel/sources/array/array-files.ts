import type { BuildEvidence } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { fileNames } from "#protocol/vcf-files.ts";

import { headText } from "../head-text.ts";
import { requireOneBuild } from "../one-build.ts";
import { readHead } from "./head.ts";
import type { ArrayHead } from "./head.ts";

/** One file of a sample, before its calls. */
export interface ArrayFile {
  readonly path: string;
  /** What it is called where there are others. */
  readonly name: string;
  readonly head: ArrayHead;
}

/**
 * Reads the heads of the files that are one sample, in their order: some vendors give X, or each chromosome, by itself.
 *
 * @throws {WorkspaceError} `source` for a file of no array, and for files that say that they are on different builds
 */
export async function readHeads(paths: readonly string[], signal: AbortSignal): Promise<ArrayFile[]> {
  const names = fileNames(paths);
  const files: ArrayFile[] = [];
  for (const [index, path] of paths.entries()) {
    const head = readHead(await headText(path, signal));
    if (head === null) throw noArray(path);
    files.push({ path, name: names[index] ?? path, head });
  }
  requireOneBuild(
    files.map(({ head, ...file }) => ({ ...file, build: head.build })),
    "Give files of one build as one sample, or make a sample of each.",
  );
  return files;
}

/** What the first that names a build says; of none, what they say of that. */
export function statedBuild(files: readonly ArrayFile[]): BuildEvidence {
  const builds = files.map(({ head }) => head.build);
  return builds.find(({ detected }) => detected !== null) ?? builds[0] ?? { detected: null, how: "" };
}

/** Vendors and versions; null when no file says. */
export function vendorsOf(files: readonly ArrayFile[]): string | null {
  const vendors = new Set(files.flatMap(({ head }) => head.vendor ?? []));
  return vendors.size === 0 ? null : [...vendors].join("; ");
}

export function noArray(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: "not raw data of a genotyping array: no line names the columns rsid, chromosome, position",
    hint: "Give the file as it came from the vendor, with its first lines.",
    at: path,
  });
}
