import type { Inspection } from "../source.ts";
import { isEndMarked } from "../text/bgzf.ts";
import type { Compression } from "../text/text.ts";
import { buildOf, callerOf, readHeads, requireUsable, samplesOf } from "./vcf-heads.ts";
import type { VcfHead } from "./vcf-heads.ts";

/** What the head of a VCF states, read without its records. */
export interface VcfInspection extends Inspection {
  readonly compression: Compression;
  /** As the file states it, such as `4.2`; null when it does not. */
  readonly version: string | null;
}

/**
 * Reads the header of a VCF, and no more of its records than come with it; of several that are one sample, what they
 * have in common: the first file's packing and version.
 *
 * @param usable refuse a file of another build, in the words in which its ingest would
 * @throws {WorkspaceError} `source` when one is no VCF, or is damaged, or when they do not go together
 */
export async function inspectVcf(
  paths: readonly string[],
  signal: AbortSignal,
  usable = false,
): Promise<VcfInspection> {
  const heads = await readHeads(paths, signal);
  const [first] = heads;
  if (first === undefined) throw new Error("no file to look at");
  if (usable) requireUsable(heads);
  return {
    compression: first.compression,
    samples: samplesOf(heads),
    build: buildOf(heads),
    caller: callerOf(heads),
    unmarked: await unmarkedOf(heads),
    version: first.header.version,
  };
}

async function unmarkedOf(heads: readonly VcfHead[]): Promise<string[]> {
  const unmarked: string[] = [];
  for (const { name, path, compression } of heads)
    if (compression === "bgzip" && !(await isEndMarked(path))) unmarked.push(name);
  return unmarked;
}
