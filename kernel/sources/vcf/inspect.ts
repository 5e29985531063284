import type { Inspection } from "../source.ts";
import { detectBuild, requireOurBuild } from "./build.ts";
import { openVcf } from "./vcf-text.ts";

/**
 * {@link Source.inspect} of a VCF: its header, and no more of its records than come with it.
 *
 * @param usable refuse a file of another build, in the words in which its ingest would
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
