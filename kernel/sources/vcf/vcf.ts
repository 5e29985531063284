import type { Source } from "../source.ts";
import { findLines } from "./find-lines.ts";
import { ingestVcf } from "./ingest.ts";
import { inspectVcf } from "./inspect.ts";

/** Variant Call Format 4.0 to 4.5, gVCF too; plain, gzip or bgzip. Says of every other file why it is none. */
export const vcf: Source = {
  name: "vcf",
  recognises: () => true,
  inspect: inspectVcf,
  ingest: ingestVcf,
  findLines,
};
