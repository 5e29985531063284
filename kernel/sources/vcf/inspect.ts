import type { Inspection } from "../source.ts";
import { detectBuild } from "./build.ts";
import { openVcf } from "./vcf-text.ts";

/** {@link Source.inspect} of a VCF: its header, and no more of its records than come with it. */
export async function inspectVcf(path: string, signal: AbortSignal): Promise<Inspection> {
  const { file, header } = await openVcf(path, signal);
  await file.close();
  return {
    compression: file.compression,
    samples: header.samples,
    build: detectBuild(header),
    caller: header.caller,
    version: header.version,
  };
}
