import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

import { BgzfWriter } from "../../kernel/bgzf/bgzf-writer.ts";
import type { Benchmark, Case, Genome } from "./benchmark.ts";
import { ingest } from "./ingest.ts";

/** Text gathered before it is handed to the writer. */
const BATCH_CHARACTERS = 1 << 20;
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
      const made = await withBlocks(genome, join(folder, `blocks-${genome.records}.g.vcf.gz`));
      say(`gVCF of ${made.records} records`);
      cases.push({ ...made, files: {} });
    }
    return cases;
  },
};

async function withBlocks({ path }: Genome, target: string): Promise<Genome> {
  const file = await open(target, "w");
  const writer = new BgzfWriter(async (bytes) => {
    await file.writeFile(bytes);
  });
  let text = "";
  let records = 0;
  let contig = "";
  let next = 1;
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
  for await (const line of lines) {
    if (!line.startsWith("#")) {
      const [chrom = "", pos = "", , ref = ""] = line.split("\t", 4);
      if (chrom !== contig) [contig, next] = [chrom, 1];
      if (Number(pos) > next) {
        text += `${chrom}\t${next}\t${BLOCK_FIELDS}\tEND=${Number(pos) - 1}\t${BLOCK_SAMPLE}\n`;
        records += 1;
      }
      next = Math.max(next, Number(pos) + ref.length);
      records += 1;
    }
    text += `${line}\n`;
    if (text.length < BATCH_CHARACTERS) continue;
    await writer.write(Buffer.from(text));
    text = "";
  }
  await writer.write(Buffer.from(text));
  await writer.end();
  await file.close();
  return { path: target, records, bytes: (await stat(target)).size };
}
