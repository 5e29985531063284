import type { Source } from "../source.ts";
import { ingestVcf } from "./ingest.ts";
import { inspectVcf } from "./inspect.ts";

/** Variant Call Format 4.0 to 4.5, gVCF too; plain, gzip or bgzip. */
export const vcf: Source = {
  name: "vcf",
  extensions: [".vcf", ".vcf.gz", ".vcf.bgz", ".gvcf", ".gvcf.gz", ".g.vcf", ".g.vcf.gz"],
  inspect: inspectVcf,
  ingest: ingestVcf,
};
