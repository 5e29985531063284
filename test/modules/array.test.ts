import { afterAll, beforeAll, expect, test } from "vitest";

import { Bench, moduleOf } from "./genome-fixture.ts";
import type { Annotated } from "./genome-fixture.ts";

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

const COLUMNS = "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\n";

interface Call {
  readonly rsid: string;
  readonly chrom?: string;
  readonly genotype: string;
  readonly presence?: string;
}

/** Holds calls of an array against rows `rsid,chrom,start,ref,alts,genotype`; each has the weight 1. */
async function annotated(calls: readonly Call[], ...rows: readonly string[]): Promise<Annotated> {
  const module = moduleOf("panel", COLUMNS + rows.map((row) => `${row},1,protective,a sentence\n`).join(""), {
    studies: `rsid,pmid\n${rows.map((row) => `${row.split(",")[0] ?? ""},1`).join("\n")}\n`,
  });
  const values = calls.map(({ rsid, chrom = "1", genotype, presence = "called" }) => {
    const alleles = genotype
      .split("")
      .map((allele) => `'${allele}'`)
      .join(", ");
    // The position is what another build has for the site: one that the modules have for another.
    return `('${chrom}', null::uinteger, null::uinteger, 100::uinteger, '${rsid}', null::varchar, null::varchar,
      null::float, '', [${alleles}]::varchar[], '${presence}', false)`;
  });
  const names = `chrom, start, "end", file_position, rsid, ref, alt, qual, "filter", genotype, presence, phased`;
  return bench.annotate({
    records: `select * from (values ${values.join(", ")}) as t(${names})`,
    modules: [{ name: "panel", directory: await bench.compile(module) }],
    ingest: { kind: "array", has_rsids: true },
  });
}

async function siteOf(call: Call, row: string): Promise<readonly [status: string, detail: string | null]> {
  const { sites, manifest } = await annotated([call], row);
  expect(sites).toHaveLength(1);
  expect(manifest.total_matched).toBe(sites[0]?.status === "called_match" ? 1 : 0);
  return [sites[0]?.status ?? "", sites[0]?.detail ?? null];
}

test("a genotype matches by rsID, at the place that the module has, and nothing by the file's own position", async () => {
  const { rows, sites, manifest } = await annotated(
    [{ rsid: "rs1", genotype: "AG" }],
    "rs1,1,900,A,G,A/G",
    "rs2,1,100,A,G,A/G",
  );
  expect(rows).toMatchObject([{ rsid: "rs1", chrom: "1", start: 900, ref: "A", module_ref: "A" }]);
  expect(sites.map(({ rsid, status }) => [rsid, status])).toEqual([
    ["rs2", "no_data"],
    ["rs1", "called_match"],
  ]);
  expect(manifest.modules[0]).toMatchObject({ key: "rsid", probed: 1, matched: 1 });
  expect(manifest.restoration).toMatchObject({
    applied: false,
    reason: "a genotyping array says nothing of what is not on it",
  });
});

test.each<[what: string, call: Call, row: string, status: string, detail: string | null]>([
  ["both bases of the reference", { rsid: "rs1", genotype: "AA" }, "rs1,1,9,A,G,G/G", "called_hom_ref", null],
  ["an authored reference", { rsid: "rs1", genotype: "AA" }, "rs1,1,9,A,G,A/A", "called_match", null],
  ["another genotype", { rsid: "rs1", genotype: "AG" }, "rs1,1,9,A,G,G/G", "called_other_genotype", null],
  ["a third base", { rsid: "rs1", genotype: "AC" }, "rs1,1,9,A,G,A/G", "called_other_genotype", null],
  [
    "bases that fit on the other strand alone",
    { rsid: "rs1", genotype: "CT" },
    "rs1,1,9,A,G,A/G",
    "not_comparable",
    "the file writes it on the other strand",
  ],
  [
    "A and T, read as written",
    { rsid: "rs1", genotype: "AA" },
    "rs1,1,9,A,T,A/A",
    "called_match",
    "this site looks alike on both strands: read as the file writes it",
  ],
  [
    "one of each, alike on both strands",
    { rsid: "rs1", genotype: "CG" },
    "rs1,1,9,C,G,C/G",
    "called_match",
    null,
  ],
  ["no call", { rsid: "rs1", genotype: "", presence: "no_call" }, "rs1,1,9,A,G,A/A", "no_call", null],
  [
    "half a call",
    { rsid: "rs1", genotype: "A", presence: "half_call" },
    "rs1,1,9,A,G,A/A",
    "half_call",
    null,
  ],
  [
    "I and D",
    { rsid: "rs1", genotype: "", presence: "unresolved" },
    "rs1,1,9,AT,A,A/A",
    "not_comparable",
    "the file writes I and D for an insertion or deletion, not its bases",
  ],
  [
    "single bases for a deletion",
    { rsid: "rs1", genotype: "AA" },
    "rs1,1,9,AT,A,A/A",
    "not_comparable",
    "an insertion or deletion, for which the file gives single bases",
  ],
  [
    "two calls of one rsID",
    { rsid: "rs1", genotype: "", presence: "conflict" },
    "rs1,1,9,A,G,A/A",
    "not_comparable",
    "lines of the file call different genotypes",
  ],
  [
    "another chromosome",
    { rsid: "rs1", chrom: "2", genotype: "AA" },
    "rs1,1,9,A,G,A/A",
    "not_comparable",
    "the file has the rsID on chromosome 2",
  ],
  [
    "one copy on MT, for two of the module",
    { rsid: "rs1", chrom: "MT", genotype: "A" },
    "rs1,MT,9,A,G,A/A",
    "called_match",
    null,
  ],
  [
    "one copy on X, which is not two",
    { rsid: "rs1", chrom: "X", genotype: "G" },
    "rs1,X,9000000,A,G,G/G",
    "called_other_genotype",
    null,
  ],
  ["another rsID", { rsid: "rs2", genotype: "AA" }, "rs1,1,100,A,G,A/A", "no_data", null],
])("%s", async (_, call, row, status, detail) => {
  expect(await siteOf(call, row)).toEqual([status, detail]);
});

test("a file with the other strand at several sites is not read where the strand cannot be seen", async () => {
  const turned = Array.from({ length: 5 }, (_, n): Call => ({ rsid: `rs${n + 10}`, genotype: "CT" }));
  const { sites, manifest } = await annotated(
    [...turned, { rsid: "rs1", genotype: "AA" }, { rsid: "rs2", genotype: "GG" }],
    "rs1,1,9,A,T,A/A",
    "rs2,1,8,A,G,G/G",
    ...turned.map(({ rsid }, n) => `${rsid},1,${n + 100},A,G,A/G`),
  );
  const detail =
    "this site looks alike on both strands, and the file has the other one at 5 of 6 sites where it can be seen";
  expect(sites.find(({ rsid }) => rsid === "rs1")).toMatchObject({ status: "not_comparable", detail });
  expect(sites.find(({ rsid }) => rsid === "rs2")).toMatchObject({ status: "called_match" });
  expect(manifest.total_matched).toBe(1);
});

test("a file without rsIDs skips every module, and says why", async () => {
  const module = moduleOf("panel", `${COLUMNS}rs1,1,9,A,G,A/G,1,protective,a sentence\n`);
  const { manifest } = await bench.annotate({
    records:
      "select '1' as chrom, 'i1' as rsid, ['A'] as genotype, 'called' as presence, null::uinteger as start, null::uinteger as \"end\", null::varchar as ref, null::varchar as alt, null::float as qual, '' as \"filter\"",
    modules: [{ name: "panel", directory: await bench.compile(module) }],
    ingest: { kind: "array", has_rsids: false },
  });
  expect(manifest.modules[0]).toMatchObject({
    status: "skipped",
    reason: "the calls of an array are found by rsID, and the file states none",
  });
});

test("an rsID of several positions is not comparable", async () => {
  const module = moduleOf(
    "panel",
    "rsid,genotype,weight,state,conclusion\nrs1,A/A,1,protective,a sentence\n",
    {
      resolution: "rsid,chrom,start,ref,alts,locus_index\nrs1,1,9,A,G,0\nrs1,1,90,A,G,1\n",
    },
  );
  const { sites, manifest } = await bench.annotate({
    records: `select '1' as chrom, null::uinteger as start, null::uinteger as "end", 9::uinteger as file_position,
      'rs1' as rsid, null::varchar as ref, null::varchar as alt, null::float as qual, '' as "filter",
      ['A', 'A'] as genotype, 'called' as presence, false as phased`,
    modules: [{ name: "panel", directory: await bench.compile(module) }],
    ingest: { kind: "array", has_rsids: true },
  });
  expect(sites.map(({ status, detail }) => [status, detail])).toEqual([
    ["not_comparable", "the rsID stands for 2 positions"],
    ["not_comparable", "the rsID stands for 2 positions"],
  ]);
  expect(manifest.total_matched).toBe(0);
});
