import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { compileAuthored, compileModule } from "../../kernel/modules/compile.ts";
import { siteTable } from "../../kernel/modules/site-table.ts";
import { Bench, moduleOf } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

const FILES = ["weights.parquet", "annotations.parquet", "studies.parquet"] as const;
const SHIPPED = new URL("../../notebooks/modules/", import.meta.url).pathname;

/** `rsid genotype` → weight of a shipped module, as compiled. */
async function weights(name: string): Promise<Record<string, number | null>> {
  const { directory } = await compileModule(join(SHIPPED, name), bench.path(name), bench.connection);
  const rows = await bench.connection.rows<{ at: string; weight: number | null }>(
    `select rsid || ' ' || array_to_string(genotype, '/') as at, weight
     from read_parquet('${join(directory, "weights.parquet")}')`,
  );
  return Object.fromEntries(rows.map(({ at, weight }) => [at, weight]));
}

describe("the shipped modules", () => {
  test.each([
    ["longevitymap", [1024, 528, 671], ["rs1008438", "rs1061581", "rs1799889", "rs2232548"], 21],
    ["lipidmetabolism", [45, 15, 44], [], 0],
    ["vo2max", [39, 13, 19], ["rs11715829", "rs1956197", "rs2030398", "rs6552828"], 0],
    ["superhuman", [52, 29, 31], [], 1],
    ["coronary", [81, 27, 118], ["rs181100621", "rs383830"], 2],
  ])("%s holds %j genotypes, variants and studies", async (name, counts, unplaced, foreign) => {
    const { manifest } = await compileModule(join(SHIPPED, name), bench.path(name), bench.connection);
    const { genotypes, variants, studies } = manifest.stats;
    expect([genotypes, variants, studies]).toEqual(counts);
    expect(manifest.compilation.unplaced.toSorted()).toEqual(unplaced);
    expect(manifest.compilation.alleles_not_at_locus).toHaveLength(foreign);
    expect(manifest.module).toMatchObject({ name, version: "1.0.0", license: "AGPL-3.0" });
    const notice = await readFile(join(SHIPPED, name, "NOTICE.md"), "utf8");
    expect(notice).toContain("just-dna-seq");
  });

  test("mark the coordinates that nobody verified", async () => {
    const directories = await Promise.all(
      ["longevitymap", "lipidmetabolism", "vo2max", "superhuman", "coronary"].map(async (name) => {
        const { directory } = await compileModule(join(SHIPPED, name), bench.path(name), bench.connection);
        return `'${join(directory, "weights.parquet")}'`;
      }),
    );
    const [row] = await bench.connection.rows<{ rsids: readonly string[] }>(
      `select list_sort(list_distinct(list(rsid))) as rsids from read_parquet([${directories.join(", ")}])
       where coordinate_status = 'recalled'`,
    );
    expect(row?.rsids).toEqual([
      ..."rs1042031 rs121918393 rs1570360 rs17602729 rs1800624 rs2010963 rs2430561".split(" "),
      ..."rs2854116 rs324420 rs4570625 rs4986790 rs63750847 rs699947 rs713040 rs9527025 rs9536314".split(" "),
    ]);
  });

  test("carry the corrected signs of coronary and lipid rows", async () => {
    expect(await weights("coronary")).toMatchObject({
      "rs1333049 C/G": -0.9,
      "rs1333049 C/C": -1.6,
      "rs6922269 A/G": -0.7,
      "rs6922269 A/A": -1.1,
      "rs3798220 C/T": -1,
      "rs3798220 C/C": -1.5,
      "rs4977574 A/A": 0,
      "rs4977574 G/G": -1.54,
      "rs11206510 T/T": -0.6,
    });
    expect(await weights("lipidmetabolism")).toMatchObject({
      "rs328 C/G": 0.4,
      "rs328 G/G": 0.8,
      "rs12740374 G/T": 0.4,
      "rs12740374 T/T": 0.8,
    });
  });
});

const TWO_LOCI = `rsid,chrom,start,ref,alts,locus_index,status
rs1,6,100,C,"G,T",0,resolved
rs1,HG2072_PATCH,7,C,"G,T",1,resolved
rs2,X,200,AT,A,0,recalled\n`;
const VARIANTS = `rsid,genotype,weight,state,conclusion,gene
rs1,C/G,,alt,a,G1
rs2,A/AT,1,protective,b,G2
rs3,C|A,,neutral,c,G3\n`;

test("an rsID of two places gives a row for each, and one without a place keeps nulls", async () => {
  const directory = await bench.compile(moduleOf("fixture", VARIANTS, { resolution: TWO_LOCI }));
  const rows = await bench.connection.rows(
    `select rsid, chrom, start, "end", ref, alts, locus_index, locus_count, genotype, phased, weight, coordinate_status
     from read_parquet('${join(directory, "weights.parquet")}')`,
  );
  expect(rows.map((row) => Object.values(row as object))).toEqual([
    ["rs1", "6", 100, 100, "C", ["G", "T"], 0, 2, ["C", "G"], false, null, "high"],
    ["rs1", "HG2072_PATCH", 7, 7, "C", ["G", "T"], 1, 2, ["C", "G"], false, null, "high"],
    ["rs2", "X", 200, 201, "AT", ["A"], 0, 1, ["A", "AT"], false, 1, "recalled"],
    ["rs3", null, null, null, null, null, 0, 1, ["C", "A"], true, null, "unplaced"],
  ]);
});

test("rows of one place are one locus with the alternates of all", async () => {
  const resolution = `rsid,chrom,start,ref,alts
rs1,6,100,C,G
rs1,6,100,C,T
rs1,6,100,C,G
rs1,6,100,CA,C
rs2,X,200,AT,A
rs2,X,200,AT,\n`;
  const directory = await bench.compile(moduleOf("fixture", VARIANTS, { resolution }));
  const rows = await bench.connection.rows(
    `select rsid, start, ref, alts, locus_index, locus_count
     from read_parquet('${join(directory, "weights.parquet")}') where start is not null`,
  );
  expect(rows.map((row) => Object.values(row as object))).toEqual([
    ["rs1", 100, "C", ["G", "T"], 0, 2],
    ["rs1", 100, "CA", ["C"], 1, 2],
    ["rs2", 200, "AT", null, 0, 1],
  ]);
});

test("the manifest lists what compilation found", async () => {
  const module = moduleOf("fixture", `${VARIANTS}rs2,G/G,,alt,d,G2\n`, { resolution: TWO_LOCI });
  const { manifest } = await compileAuthored(module, bench.path("fixture"), bench.connection);
  expect(manifest.stats).toMatchObject({ genotypes: 4, rows: 5, variants: 3, sites: 3, placed: 2 });
  expect(manifest.compilation).toMatchObject({
    fully_resolved: false,
    unplaced: ["rs3"],
    several_loci: ["rs1"],
    phased: 1,
    alleles_not_at_locus: [{ variant: "rs2", genotype: "G/G", locus: "X:200 AT>A", strand_suspect: false }],
  });
});

async function compiled(variants: string): Promise<{ digest: string; bytes: readonly string[] }> {
  const directory = bench.path("fixture");
  const module = moduleOf("fixture", variants, { resolution: TWO_LOCI });
  const { identity } = await compileAuthored(module, directory, bench.connection);
  const bytes = await Promise.all(FILES.map((file) => readFile(join(directory, file), "base64")));
  return { digest: identity.digest, bytes };
}

test("the same input gives the same bytes, and the digest follows the content alone", async () => {
  const first = await compiled(VARIANTS);
  expect(await compiled(VARIANTS)).toEqual(first);
  const changed = await compiled(VARIANTS.replace(",1,protective", ",2,protective"));
  expect(changed.digest).not.toBe(first.digest);
  expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
});

test("the digest follows what the spec says of the module", async () => {
  const module = moduleOf("fixture", VARIANTS);
  const compiled = await compileAuthored(module, bench.path("fixture"), bench.connection);
  const retitled = { ...module, spec: { ...module.spec, title: "Another title" } };
  const other = await compileAuthored(retitled, bench.path("fixture"), bench.connection);
  expect(other.identity.digest).not.toBe(compiled.identity.digest);
});

test("a broken module is refused with every error", async () => {
  const run = compileModule(join(SHIPPED, "nowhere"), bench.path("nowhere"), bench.connection);
  await expect(run).rejects.toMatchObject({
    info: {
      code: "module",
      message: "broken annotation module: nowhere",
      detail: "module_spec.yaml is not there",
    },
  });
});

test("the table of sites names every place with its genotypes", async () => {
  const directory = await bench.compile(moduleOf("fixture", VARIANTS, { resolution: TWO_LOCI }));
  expect(await siteTable([{ name: "fixture", directory }], bench.connection)).toEqual([
    {
      module: "fixture",
      rsid: "rs1",
      chrom: "6",
      start: 100,
      ref: "C",
      alts: ["G", "T"],
      genotypes: [{ alleles: ["C", "G"], weight: null }],
    },
    {
      module: "fixture",
      rsid: "rs1",
      chrom: "HG2072_PATCH",
      start: 7,
      ref: "C",
      alts: ["G", "T"],
      genotypes: [{ alleles: ["C", "G"], weight: null }],
    },
    {
      module: "fixture",
      rsid: "rs2",
      chrom: "X",
      start: 200,
      ref: "AT",
      alts: ["A"],
      genotypes: [{ alleles: ["A", "AT"], weight: 1 }],
    },
    {
      module: "fixture",
      rsid: "rs3",
      chrom: null,
      start: null,
      ref: null,
      alts: [],
      genotypes: [{ alleles: ["C", "A"], weight: null }],
    },
  ]);
});
