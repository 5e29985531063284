import { join } from "node:path";

import { Random } from "../../kernel/synth/random.ts";
import { annotate } from "./annotate.ts";
import type { Benchmark, Case, Genome } from "./benchmark.ts";
import { ingest } from "./ingest.ts";
import { rewritten } from "./rewritten.ts";
import type { Rewrite } from "./rewritten.ts";

/** Same files in every run. */
const SEED = 1;
/** What GenotypeGVCFs of GATK states of a site, in its order: ID, Number, Type. */
const FIELDS = [
  ["AC", "A", "Integer"],
  ["AF", "A", "Float"],
  ["AN", "1", "Integer"],
  ["BaseQRankSum", "1", "Float"],
  ["DP", "1", "Integer"],
  ["ExcessHet", "1", "Float"],
  ["FS", "1", "Float"],
  ["MLEAC", "A", "Integer"],
  ["MLEAF", "A", "Float"],
  ["MQ", "1", "Float"],
  ["MQRankSum", "1", "Float"],
  ["QD", "1", "Float"],
  ["ReadPosRankSum", "1", "Float"],
  ["SOR", "1", "Float"],
] as const;

/** The same reader and the whole job over files that say more of each site. */
export const info: Benchmark = {
  ...ingest,
  name: "info",
  title: "A genome with INFO, to Parquet and to a report",
  about:
    "The genomes of the benchmarks above with the fourteen entries of INFO that GATK writes, those that compare reads of " +
    "two alleles (`BaseQRankSum` and its like) where there are two. All become columns of their types.",
  contenders: [ingest.contenders[0], ingest.contenders[1], annotate.contenders[0]],
  async prepare({ genomes, folder, say }) {
    const cases: Case[] = [];
    for (const genome of genomes) {
      const made = await withInfo(genome, join(folder, `info-${genome.records}.vcf.gz`));
      say(`genome with INFO of ${made.records} records`);
      cases.push({ ...made, files: {} });
    }
    return cases;
  },
};

/** The genome at `target`, with entries in INFO. */
export function withInfo(genome: Genome, target: string): Promise<Genome> {
  return rewritten(genome, target, addInfo());
}

function addInfo(): Rewrite {
  const random = new Random(SEED, "info");
  const meta = FIELDS.map(
    ([id, number, type]) => `##INFO=<ID=${id},Number=${number},Type=${type},Description="Of the site">`,
  );
  return (line) => {
    if (line.startsWith("#CHROM")) return [...meta, line];
    if (line.startsWith("#")) return [line];
    const columns = line.split("\t");
    const [genotype = "", , depth = ""] = columns[9]?.split(":") ?? [];
    columns[7] = entries(columns[4]?.split(",").length ?? 1, genotype, depth, random).join(";");
    return [columns.join("\t")];
  };
}

function entries(alternates: number, genotype: string, depth: string, random: Random): string[] {
  const alleles = genotype.split("/");
  const counts = Array.from(
    { length: alternates },
    (_, index) => alleles.filter((allele) => allele === String(index + 1)).length,
  );
  const frequencies = counts.map((count) => (count / 2).toFixed(3));
  const isHet = new Set(alleles).size > 1;
  const decimal = (from: number, to: number, digits: number): string =>
    (from + (random.next() / 2 ** 32) * (to - from)).toFixed(digits);
  const rankSum = (id: string): string[] => (isHet ? [`${id}=${decimal(-3, 3, 3)}`] : []);
  return [
    `AC=${counts.join()}`,
    `AF=${frequencies.join()}`,
    "AN=2",
    ...rankSum("BaseQRankSum"),
    `DP=${depth}`,
    "ExcessHet=3.0103",
    `FS=${isHet ? decimal(0, 20, 3) : "0.000"}`,
    `MLEAC=${counts.join()}`,
    `MLEAF=${frequencies.join()}`,
    `MQ=${random.chance(0.8) ? "60.00" : decimal(30, 60, 2)}`,
    ...rankSum("MQRankSum"),
    `QD=${decimal(2, 35, 2)}`,
    ...rankSum("ReadPosRankSum"),
    `SOR=${decimal(0.3, 3, 3)}`,
  ];
}
