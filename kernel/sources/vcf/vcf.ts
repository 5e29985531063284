import type { Source } from "../source.ts";
import { ingestVcf } from "./ingest.ts";

/** Variant Call Format 4.0 to 4.5, gVCF too; plain, gzip or bgzip. */
export const vcf: Source = {
  name: "vcf",
  ingest: ingestVcf,
};
