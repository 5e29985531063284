import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import { annotate } from "../../kernel/modules/annotate.ts";
import { siteTable } from "../../kernel/modules/site-table.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../../kernel/sources/source.ts";
import { ingestVcf } from "../../kernel/sources/vcf/ingest.ts";
import { synthesise } from "../../kernel/synth/synthesise.ts";
import { Bench, moduleOf } from "../modules/genome-fixture.ts";

/** Sites of one locus: bases behind its first, REF, alternates, genotypes. */
type Site = readonly [offset: number, ref: string, alts: string, genotypes: readonly string[]];

const LOCI: readonly { readonly chrom: string; readonly sites: readonly Site[] }[] = [
  {
    chrom: "1",
    sites: [
      [0, "T", "TA", ["T/TA", "T/T"]],
      [0, "TA", "T", ["T/TA", "TA/TA"]],
    ],
  },
  {
    chrom: "2",
    sites: [
      [0, "ACAGTC", "A", ["A/ACAGTC", "ACAGTC/ACAGTC"]],
      [3, "G", "C", ["C/G", "G/G"]],
    ],
  },
  { chrom: "3", sites: [[0, "A", "G,T", ["A/G", "G/T", "A/A"]]] },
  {
    chrom: "4",
    sites: [
      [0, "A", "G", ["A/G"]],
      [0, "C", "G", ["G/G"]],
    ],
  },
  {
    chrom: "6",
    sites: [
      [0, "AC", "A", ["A/AC"]],
      [1, "C", "T", ["C/T", "C/C"]],
      [1, "CG", "C", ["C/CG"]],
    ],
  },
  { chrom: "X", sites: [[0, "A", "G", ["A", "G", "A/G", "G/G"]]] },
];
const LOCI_EACH = 40;
const FILTERS = { pass_filters: ["PASS", "."], min_depth: 10, min_qual: 20 };

/** A `variants.csv` of every locus many times over, each site under an rsID of its own. */
function variants(): string {
  let sites = 0;
  const rows = LOCI.flatMap((locus) =>
    Array.from({ length: LOCI_EACH }, (_, at) => 20_000_000 + at * 5000).flatMap((first) =>
      locus.sites.flatMap(([offset, ref, alts, genotypes]) => {
        sites += 1;
        const place = `rs${sites},${locus.chrom},${first + offset},${ref},"${alts}"`;
        return genotypes.map((genotype) => `${place},${genotype},1,neutral,a`);
      }),
    ),
  );
  return ["rsid,chrom,start,ref,alts,genotype,weight,state,conclusion", ...rows].join("\n");
}

test("the truth of sites that overlap, or share an anchor, is what the match says of them", async () => {
  const directory = await mkdtemp(join(tmpdir(), "karyon-truth-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const bench = await Bench.open();
  onTestFinished(() => bench.close());
  const context = { signal: new AbortController().signal, progress: () => undefined };
  const modules = [{ name: "hard", directory: await bench.compile(moduleOf("hard", variants())) }];
  const out = join(directory, "a.vcf");
  const truth = join(directory, "a.tsv");
  const staging = join(directory, "staging");
  const sites = await siteTable(modules, bench.connection);
  await synthesise({ records: 2000, seed: 1, out, sites, truth }, context);
  await mkdir(staging);
  const request = { paths: [out], sample: null, filters: FILTERS, staging, spillDirectory: directory };
  const ingest = await ingestVcf(request, duckdb, context);
  await annotate(
    {
      variants: join(staging, NORMALIZED_FILE),
      removedSites: join(staging, REMOVED_FILE),
      ingest,
      modules,
      staging,
      user: "anna",
      sample: "one",
      software: "karyon test",
    },
    bench.connection,
  );
  const table = (name: string): string => `read_parquet(${quoteText(join(staging, name))})`;
  const found = await bench.connection.rows<{ rsid: string; status: string; rows: number }>(
    `select rsid, status, (select count(*) from ${table("user_hf_module_annotations.parquet")} a
       where a.rsid = s.rsid)::integer as rows
     from ${table("modules/sites.parquet")} s`,
  );
  const [header = [], ...lines] = (await readFile(truth, "utf8")).split("\n").map((line) => line.split("\t"));
  const cell = (line: readonly string[], name: string): string => line[header.indexOf(name)] ?? "";
  const expected = lines
    .filter((line) => line.length > 1)
    .map((line) => [cell(line, "rsid"), cell(line, "status"), Number(cell(line, "rows"))] as const);
  const byId = (a: readonly unknown[], b: readonly unknown[]): number =>
    String(a[0]).localeCompare(String(b[0]));
  expect(found.map(({ rsid, status, rows }) => [rsid, status, rows]).toSorted(byId)).toEqual(
    expected.toSorted(byId),
  );
});
