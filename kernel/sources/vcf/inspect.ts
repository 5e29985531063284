import type { BuildEvidence } from "#protocol/annotation.ts";

import { detectBuild, requireOurBuild } from "./build.ts";
import type { Compression } from "./text.ts";
import { openVcf } from "./vcf-text.ts";

/** What the head of a VCF states, read without its records. */
export interface Inspection {
  readonly compression: Compression;
  /** In file order; empty when the file has no sample columns. */
  readonly samples: readonly string[];
  readonly build: BuildEvidence;
  /** The program that called the variants; null when the header is silent. */
  readonly caller: string | null;
  /** As the file states it, such as `4.2`; null when it does not. */
  readonly version: string | null;
}

/**
 * Reads the header of a VCF, and no more of its records than come with it.
 *
 * @param usable refuse a file of another build, in the words in which its ingest would
 * @throws {WorkspaceError} `source` when it is no VCF, or is damaged
 */
export async function inspectVcf(path: string, signal: AbortSignal, usable = false): Promise<Inspection> {
  const { file, header } = await openVcf(path, signal);
  await file.close();
  const build = detectBuild(header);
  if (usable) requireOurBuild(header, build);
  return {
    compression: file.compression,
    samples: header.samples,
    build,
    caller: header.caller,
    version: header.version,
  };
}
