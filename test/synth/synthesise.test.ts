import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { PlantedSite } from "../../kernel/synth/planted-site.ts";
import { synthesise } from "../../kernel/synth/synthesise.ts";
import type { Synthesis, SynthesisContext } from "../../kernel/synth/synthesise.ts";

import { readVcf } from "./read-vcf.ts";
import type { ReadRecord } from "./read-vcf.ts";
import { manySites } from "./sites.ts";

const quiet: SynthesisContext = { signal: new AbortController().signal, progress: () => undefined };
const RECORDS = 50_000;

let folder = "";
let made: Synthesis;
let text = "";
let vcf: ReturnType<typeof readVcf>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "karyon-synth-"));
  const request = { records: RECORDS, seed: 1, sites: manySites };
  const out = join(folder, "genome.vcf");
  made = await synthesise({ ...request, out, truth: `${out}.truth.tsv` }, quiet);
  text = await readFile(out, "utf8");
  vcf = readVcf(text);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Text of a small genome. */
async function genome(seed: number, sites: readonly PlantedSite[] = manySites): Promise<string> {
  const out = join(folder, `seed-${seed}.vcf`);
  await synthesise({ records: 5000, seed, sites, out, truth: null }, quiet);
  return readFile(out, "utf8");
}

function passing(): readonly ReadRecord[] {
  return vcf.records.filter(({ filter }) => filter === "PASS");
}

/** Share of all records. */
function share(is: (record: ReadRecord) => boolean): number {
  return vcf.records.filter(is).length / RECORDS;
}

/** The rules of the match in their plainest form. */
function matchOf(authored: PlantedSite["genotypes"], record: ReadRecord | undefined): Record<string, string> {
  const none = { rows: "0", weights: "." };
  if (record === undefined) return { status: "no_data", ...none };
  const { filter, dp, qual, alleles, ref } = record;
  if ((filter !== "PASS" && filter !== ".") || dp < 10 || (qual !== null && qual < 20))
    return { status: "filtered", ...none };
  if (alleles.every((allele) => allele === null)) return { status: "no_call", ...none };
  if (alleles.includes(null)) return { status: "half_call", ...none };
  const rows = authored.filter((row) => JSON.stringify(row.alleles) === JSON.stringify(alleles));
  if (rows.length > 0) {
    const weights = rows.map(({ weight }) => weight ?? ".").join(";");
    return { status: "called_match", rows: String(rows.length), weights, genotype: alleles.join("/") };
  }
  const reference = alleles.every((allele) => allele === ref);
  return { status: reference ? "called_hom_ref" : "called_other_genotype", ...none };
}

describe("the file", () => {
  test("has exactly the records that were asked for, planted ones among them", () => {
    expect(vcf.records).toHaveLength(RECORDS);
    expect(made).toMatchObject({ records: RECORDS, bytes: Buffer.byteLength(text) });
    const starts = new Set(manySites.map(({ chrom, start }) => `chr${chrom}:${start}`));
    expect(vcf.records.filter(({ chrom, pos }) => starts.has(`${chrom}:${pos}`))).toHaveLength(made.planted);
  });

  test("says on its face that it is synthetic", () => {
    expect(vcf.header[0]).toBe("##fileformat=VCFv4.2");
    expect(vcf.header).toContain(
      `##karyon_synthetic=<seed=1,records=50000,planted=${made.planted},generator=1>`,
    );
    expect(vcf.header.at(-1)?.split("\t").at(-1)).toBe("SYNTHETIC");
  });

  test("is sorted in the order of its contig lines, each position once", () => {
    const labels = vcf.header.flatMap((line) => /^##contig=<ID=([^,]+),/.exec(line)?.[1] ?? []);
    expect(labels).toHaveLength(25);
    for (const [index, record] of vcf.records.entries()) {
      const before = vcf.records[index - 1];
      if (before === undefined) continue;
      const step = labels.indexOf(record.chrom) - labels.indexOf(before.chrom);
      expect(step > 0 || (step === 0 && record.pos > before.pos)).toBe(true);
    }
  });

  test("keeps away from telomeres and from long runs of N", () => {
    const lengths = new Map(
      vcf.header.flatMap((line) => {
        const [, label = "", length] = /^##contig=<ID=([^,]+),length=(\d+)>/.exec(line) ?? [];
        return length === undefined ? [] : [[label, Number(length)] as const];
      }),
    );
    for (const { chrom, pos, ref } of vcf.records) {
      if (chrom === "chrM") continue;
      expect(pos).toBeGreaterThan(10_000);
      expect(pos + ref.length - 1).toBeLessThanOrEqual((lengths.get(chrom) ?? 0) - 9_950);
    }
    expect(vcf.records.some(({ chrom, pos }) => chrom === "chr13" && pos <= 16_000_000)).toBe(false);
    expect(
      vcf.records.some(({ chrom, pos }) => chrom === "chr1" && pos > 125_184_587 && pos < 143_184_588),
    ).toBe(false);
  });

  test("no other record begins on a module site or reaches into it", () => {
    const starts = new Map(manySites.map(({ chrom, start }) => [`chr${chrom}:${start}`, true]));
    const near = manySites.map(({ chrom, start }) => ({ chrom: `chr${chrom}`, start: start ?? 0 }));
    for (const { chrom, pos, ref } of vcf.records) {
      if (starts.has(`${chrom}:${pos}`)) continue;
      expect(
        near.some((site) => site.chrom === chrom && pos <= site.start && site.start < pos + ref.length),
      ).toBe(false);
    }
  });
});

describe("the mix", () => {
  test("Ti/Tv of substitutions that pass is that of a human genome", () => {
    const pairs = passing().flatMap(({ ref, alts }) =>
      alts.filter((alt) => alt.length === 1 && ref.length === 1).map((alt) => ref + alt),
    );
    const transitions = pairs.filter((pair) => ["AG", "GA", "CT", "TC"].includes(pair)).length;
    expect(transitions / (pairs.length - transitions)).toBeGreaterThan(1.95);
    expect(transitions / (pairs.length - transitions)).toBeLessThan(2.15);
  });

  test("heterozygous calls outnumber homozygous ones by 1.5 to 2", () => {
    const variants = passing().filter(({ gt }) => /[1-9]/.test(gt) && !gt.includes("."));
    const het = variants.filter(({ alleles }) => alleles[0] !== alleles[1]).length;
    expect(het / (variants.length - het)).toBeGreaterThan(1.5);
    expect(het / (variants.length - het)).toBeLessThan(2);
  });

  test("reference calls, indels, several alternates and low quality have their shares", () => {
    expect(share(({ filter }) => filter === "RefCall")).toBeCloseTo(0.28, 1);
    expect(share(({ ref, alts }) => [ref, ...alts].some(({ length }) => length > 1))).toBeCloseTo(0.155, 1);
    expect(share(({ alts }) => alts.length > 1)).toBeCloseTo(0.01, 2);
    expect(share(({ filter, qual }) => filter === "PASS" && qual !== null && qual < 20)).toBeGreaterThan(
      0.04,
    );
    expect(share(({ filter, dp }) => filter === "PASS" && dp < 10)).toBeGreaterThan(0.02);
    expect(share(({ filter }) => filter === "NoCall")).toBeGreaterThan(0.001);
  });

  test("chrX outside the pseudo-autosomal regions, chrY and chrM have no heterozygous call", () => {
    const single = vcf.records.filter(
      ({ chrom, pos }) =>
        chrom === "chrY" || chrom === "chrM" || (chrom === "chrX" && pos > 2_781_479 && pos < 155_701_383),
    );
    expect(single.length).toBeGreaterThan(500);
    expect(single.filter(({ gt }) => !["1/1", "0/0", "./."].includes(gt))).toEqual([]);
  });
});

test("quality fields agree with the genotype and with one another", () => {
  for (const { ref, alts, gt, gq, dp, ad, vaf, pl, filter, qual } of vcf.records) {
    const [first = 0, second = 0] = gt
      .split(/[/|]/)
      .map(Number)
      .toSorted((a, b) => a - b);
    expect(ad).toHaveLength(alts.length + 1);
    expect(ad.reduce((sum, reads) => sum + reads)).toBeLessThanOrEqual(dp);
    expect(vaf).toEqual(ad.slice(1).map((reads) => (dp === 0 ? 0 : Number((reads / dp).toPrecision(6)))));
    expect(pl).toHaveLength(((alts.length + 1) * (alts.length + 2)) / 2);
    expect(alts.includes(ref)).toBe(false);
    if (gt.includes(".")) continue;
    const called = (second * (second + 1)) / 2 + first;
    expect(pl[called]).toBe(0);
    const others = pl.filter((_, index) => index !== called);
    if (others.length > 0) expect(gq).toBeLessThanOrEqual(Math.min(...others));
    if (filter === "RefCall") expect([first, second]).toEqual([0, 0]);
    else if (qual !== null) expect(Math.floor(qual)).toBe(pl[0]);
  }
});

describe("the truth table", () => {
  test("agrees with the file, read by another reader and matched one site at a time", async () => {
    const [head = "", ...lines] = (await readFile(join(folder, "genome.vcf.truth.tsv"), "utf8"))
      .trimEnd()
      .split("\n");
    expect(lines).toHaveLength(manySites.length);
    const columns = head.split("\t");
    for (const [index, line] of lines.entries()) {
      const values = line.split("\t");
      const row = Object.fromEntries(columns.map((column, at) => [column, values[at]]));
      const site = manySites[index];
      const record = vcf.records.find(
        ({ chrom, pos }) => chrom === `chr${site?.chrom}` && pos === site?.start,
      );
      expect(row).toMatchObject({
        module: site?.module,
        rsid: site?.rsid,
        ref: site?.ref,
        gt: record?.gt ?? ".",
      });
      expect(row).toMatchObject(matchOf(site?.genotypes ?? [], record));
    }
  });
});

describe("a seed", () => {
  test("gives the same bytes each time, and another seed others", async () => {
    const one = await genome(11);
    expect(await genome(11)).toBe(one);
    expect(await genome(12)).not.toBe(one);
    // A seed past 32 bits is another seed.
    expect(await genome(11 + 2 ** 32)).not.toBe(one);
  });

  test("gives the bytes that every version of the generator of this number gives", async () => {
    const hash = createHash("sha256")
      .update(await genome(2026))
      .digest("hex");
    // Changed on purpose? Then raise GENERATOR_VERSION too.
    expect(hash).toMatchInlineSnapshot(`"f132ccb852d1c96f47d1e83f39820ca80ea16662d669330503f10361c80e26ce"`);
  });

  test("bgzip inflates to the bytes of the plain file", async () => {
    const out = join(folder, "genome.vcf.gz");
    const { bytes } = await synthesise(
      { records: RECORDS, seed: 1, sites: manySites, out, truth: null },
      quiet,
    );
    const file = await readFile(out);
    expect(bytes).toBe(file.length);
    expect(gunzipSync(file).toString("utf8") === text).toBe(true);
    expect(file.subarray(-28).toString("hex")).toBe(
      "1f8b08040000000000ff0600424302001b0003000000000000000000",
    );
  });
});

describe("a request that cannot be met", () => {
  const request = { records: 10, seed: 1, sites: [], out: "", truth: null };
  const cases: [string, Partial<typeof request>, string][] = [
    ["another extension", { out: "genome.bcf" }, "unknown kind of file: genome.bcf"],
    ["a gVCF", { out: "genome.g.vcf.gz" }, "not written here, a gVCF: genome.g.vcf.gz"],
    ["half a record", { out: "a.vcf", records: 0.5 }, "not a number of records: 0.5"],
    ["a negative seed", { out: "a.vcf", seed: -1 }, "not a seed: -1"],
  ];
  test.each(cases)("%s is a usage error", async (_, changes, message) => {
    await expect(synthesise({ ...request, ...changes }, quiet)).rejects.toMatchObject({
      info: { code: "usage", message },
    });
  });

  test("fewer records than sites is a usage error", async () => {
    const out = join(folder, "few.vcf");
    await expect(synthesise({ ...request, out, sites: manySites }, quiet)).rejects.toThrow("too few records");
  });

  test("a folder that cannot be made is a usage error that names the file", async () => {
    const out = join(folder, "genome.vcf", "a.vcf");
    await expect(synthesise({ ...request, out }, quiet)).rejects.toThrow(`cannot be written: ${out}`);
  });
});

test("a cancelled genome leaves no file behind", async () => {
  const empty = await mkdtemp(join(folder, "cancel-"));
  const controller = new AbortController();
  const context = { signal: controller.signal, progress: () => controller.abort() };
  const out = join(empty, "genome.vcf.gz");
  const request = { records: 100_000, seed: 1, sites: manySites, out, truth: `${out}.truth.tsv` };
  await expect(synthesise(request, context)).rejects.toMatchObject({ name: "AbortError" });
  expect(await readdir(empty)).toEqual([]);
});

test("progress counts records up to all of them", async () => {
  const seen: number[] = [];
  const context = { ...quiet, progress: ({ records = 0 }: { records?: number }) => void seen.push(records) };
  await synthesise({ records: 40_000, seed: 1, sites: [], out: join(folder, "p.vcf"), truth: null }, context);
  expect(seen.length).toBeGreaterThan(1);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(40_000);
});
