import { join } from "node:path";

import type { Benchmark, Case } from "./benchmark.ts";
import { ingest } from "./ingest.ts";
import { rewritten } from "./rewritten.ts";
import type { Rewrite } from "./rewritten.ts";

const BLOCK_FIELDS = ".\tN\t<NON_REF>\t.\t.";
const BLOCK_SAMPLE = "GT:GQ:MIN_DP:PL\t0/0:50:31:0,93,929";

/** The same reader over a file in which blocks of reference fill what lies between the records. */
export const gvcf: Benchmark = {
  ...ingest,
  name: "gvcf",
  title: "A gVCF to position-sorted Parquet",
  about:
    "The genomes of the benchmark above with a block of reference (`<NON_REF>`, END, MIN_DP) between any two records, so that " +
    "there are nearly as many blocks as records. All blocks are kept. Time grows as the records do, and memory does not.",
  // The statement by hand is for records that all have the same fields.
  contenders: [ingest.contenders[0], ingest.contenders[1]],
  async prepare({ genomes, folder, say }) {
    const cases: Case[] = [];
    for (const genome of genomes) {
      const made = await rewritten(genome, join(folder, `blocks-${genome.records}.g.vcf.gz`), withBlocks());
      say(`gVCF of ${made.records} records`);
      cases.push({ ...made, files: {} });
    }
    return cases;
  },
};

function withBlocks(): Rewrite {
  let contig = "";
  let next = 1;
  return (line) => {
    if (line.startsWith("#")) return [line];
    const [chrom = "", pos = "", , ref = ""] = line.split("\t", 4);
    if (chrom !== contig) [contig, next] = [chrom, 1];
    const start = next;
    next = Math.max(next, Number(pos) + ref.length);
    if (Number(pos) <= start) return [line];
    return [`${chrom}\t${start}\t${BLOCK_FIELDS}\tEND=${Number(pos) - 1}\t${BLOCK_SAMPLE}`, line];
  };
}
