import { rm } from "node:fs/promises";
import { join } from "node:path";

import { fileOf } from "./benchmark.ts";
import type { Benchmark, Case, Contender, Genome, PrepareContext } from "./benchmark.ts";
import { withInfo } from "./info.ts";
import { FIELDS, makeReference, makeReferenceVcf, normalised, writeVcfannoConfig } from "./joining.ts";
import { run } from "./measure.ts";
import { programWords } from "./programs.ts";

const INFO = FIELDS.map((field) => `INFO/${field}`).join();
const PEERS = ["bcftools annotate", "vcfanno -p 2"] as const;
/** Of what is compared over a genome with INFO: it has more columns, which the join copies as they are. */
const WITH_INFO: ReadonlySet<string> = new Set([
  ...["duckdb", "polars"].map((engine) => ours(engine, "three").name),
  ...PEERS,
]);

function ours(engine: string, columns: "all" | "three" = "all"): Contender {
  return {
    name: `karyon on ${engine}${columns === "all" ? "" : ", three columns"}`,
    program: process.execPath,
    words: (one, scratch) => [
      ...programWords("join"),
      engine,
      fileOf(one, "SHARDS"),
      columns === "all" ? columns : FIELDS.map((field) => field.toLowerCase()).join(),
      scratch,
      "alone",
      fileOf(one, "VARIANTS.parquet"),
    ],
    reportsItself: false,
    ...(columns === "all" ? {} : { comparedWith: PEERS }),
  };
}

function bare(name: string, how: "once" | "all"): Contender {
  return {
    name,
    program: process.execPath,
    words: (one, scratch) => [
      ...programWords("bare-join"),
      fileOf(one, "SHARDS"),
      scratch,
      how,
      fileOf(one, "VARIANTS.parquet"),
    ],
    reportsItself: false,
  };
}

const bcftools: Contender = {
  name: PEERS[0],
  program: "bcftools",
  words: (one, scratch) => {
    const out = join(scratch, "annotated.vcf.gz");
    return ["annotate", "-a", fileOf(one, "REFERENCE.vcf.gz"), "-c", INFO, "-Oz", "-o", out, one.path];
  },
  reportsItself: false,
  runsOnce: true,
};

const vcfanno: Contender = {
  name: PEERS[1],
  program: "vcfanno",
  words: (one) => ["-p", "2", fileOf(one, "FIELDS.toml"), one.path],
  reportsItself: false,
  runsOnce: true,
};

/** The join with Ensembl beside statements written by hand and programs for VCF. */
export const ensembl: Benchmark = {
  name: "ensembl",
  title: "A genome joined with Ensembl",
  about:
    "Normalised variants and a reference in the shape of the Ensembl dataset (25 shards of 40 columns), all columns " +
    "of both written to one Parquet file. `one statement` is the same by hand in DuckDB: each variant once and in " +
    "its order, the alternates of the reference split, an exact row before others, then the smallest rs number; it " +
    "does not split the variant's alternates nor trim. `one statement, unordered` leaves the choice out: every pair " +
    "that fits is a row, in any order. `bcftools annotate` and `vcfanno` take three fields over from the reference " +
    "as an indexed VCF with all that it says, over the largest genome and reference alone, once, and once more over the " +
    "same genome with the entries of INFO that GATK writes. `three columns` are those fields: their rows say how much " +
    "longer these two take. The growth with genome and reference is in the rows.",
  contenders: [
    ours("duckdb"),
    bare("one statement", "once"),
    bare("one statement, unordered", "all"),
    ours("polars"),
    ours("duckdb", "three"),
    ours("polars", "three"),
    bcftools,
    vcfanno,
  ],
  prepare,
};

/** The largest genome with each reference, and each smaller one with the largest reference. */
async function prepare({ genomes, references, folder, say }: PrepareContext): Promise<readonly Case[]> {
  const bySize = genomes.toSorted((a, b) => b.records - a.records);
  const [largest, ...smaller] = bySize;
  if (largest === undefined) return [];
  const variants = new Map<number, string>();
  for (const genome of bySize) {
    variants.set(genome.records, await normalised(genome, join(folder, `variants-${genome.records}`)));
  }
  const cases: Case[] = [];
  for (const rows of references.toSorted((a, b) => b - a)) {
    const isLargest = rows === Math.max(...references);
    say(`reference of ${rows} rows`);
    const shards = await makeReference(
      rows,
      variants.get(largest.records) ?? "",
      join(folder, `reference-${rows}`),
    );
    const files: Record<string, string> = { SHARDS: shards };
    const vcf = join(folder, "reference.vcf.gz");
    if (isLargest && (await makeReferenceVcf(shards, vcf))) {
      files["REFERENCE.vcf.gz"] = vcf;
      files["FIELDS.toml"] = join(folder, "vcfanno.toml");
      // bcftools asks for an index of what it annotates, too.
      await run("tabix", ["-p", "vcf", largest.path]);
      await writeVcfannoConfig(vcf, files["FIELDS.toml"]);
      const said = await withInfo(largest, join(folder, "info.vcf.gz"));
      await run("tabix", ["-p", "vcf", said.path]);
      cases.push({
        ...said,
        label: `${labelOf(said, rows)}, with INFO`,
        files: { ...files, "VARIANTS.parquet": await normalised(said, join(folder, "variants-info")) },
        without: ensembl.contenders.map(({ name }) => name).filter((name) => !WITH_INFO.has(name)),
      });
    }
    for (const genome of isLargest ? [largest, ...smaller] : [largest]) {
      const isFirst = isLargest && genome === largest;
      cases.push({
        ...genome,
        label: labelOf(genome, rows),
        files: { ...files, "VARIANTS.parquet": variants.get(genome.records) ?? "" },
        without: isFirst ? [] : [bcftools.name, vcfanno.name],
      });
    }
    await rm(join(shards, "spill"), { recursive: true, force: true });
  }
  return cases;
}

function labelOf({ records }: Genome, rows: number): string {
  return `${records.toLocaleString("en")} × ${rows.toLocaleString("en")}`;
}
