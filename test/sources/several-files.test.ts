import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { inspectVcf } from "../../kernel/sources/vcf/inspect.ts";
import { CONTIGS, FIELDS, finding, ingestedFile, vcfOf } from "./vcf-case.ts";
import type { IngestOptions, Ingested } from "./vcf-case.ts";

/** SNPs and indels of one sample, as a vendor gives them. */
const SNPS = vcfOf({
  records: [
    "1 100 rs1 A G 50 PASS DP=9 GT:DP 0/1:9",
    "2 50 rs2 C T 50 PASS . GT 1/1",
    "X 7 . G A 50 PASS . GT 1",
  ],
});
const INDELS = vcfOf({
  meta: [...CONTIGS, ...FIELDS, '##INFO=<ID=RU,Number=1,Type=String,Description="Unit">'],
  records: ["1 90 . AT A 50 PASS RU=T GT 0/1", "2 60 . C CA 50 PASS . GT:GQ 0/1:30"],
});

async function filesIn(
  files: Readonly<Record<string, string>>,
): Promise<{ paths: string[]; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "karyon-vcfs-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const paths = Object.keys(files).map((name) => join(directory, name));
  for (const [index, text] of Object.values(files).entries()) await writeFile(paths[index] ?? "", text);
  return { paths, directory };
}

async function together(
  files: Readonly<Record<string, string>>,
  options: IngestOptions = {},
): Promise<Ingested> {
  const { paths, directory } = await filesIn(files);
  return ingestedFile(paths, directory, options);
}

function places({ rows }: Ingested): string[] {
  return rows.map(({ chrom, start, ref, alt }) => `${chrom}:${start} ${ref}>${alt}`);
}

describe("several VCFs that are one sample", () => {
  test("their records lie in one table, in the order of position", async () => {
    const both = await together({ "snp.vcf": SNPS, "indel.vcf": INDELS });
    expect(places(both)).toEqual(["1:90 AT>A", "1:100 A>G", "2:50 C>T", "2:60 C>CA", "X:7 G>A"]);
    expect(both.rows.map(({ DP, RU, GQ }) => [DP, RU, GQ])).toEqual([
      [null, "T", null],
      [9, null, null],
      [null, null, null],
      [null, null, 30],
      [null, null, null],
    ]);
    expect(both.summary).toMatchObject({
      records: { read: 5, kept: 5 },
      source: { name: "snp.vcf, indel.vcf", files: [{ name: "snp.vcf" }, { name: "indel.vcf" }] },
      samples: { all: ["S"], chosen: "S" },
      kind: "variants",
      findings: [],
    });
    expect(both.summary.source.sha256).not.toBe(both.summary.source.files?.[0]?.sha256);
    expect(both.leftBehind).toEqual([]);
  });

  test("files of one chromosome each need no sorting where they come in order", async () => {
    const one = vcfOf({ records: ["1 100 . A G 50 PASS . GT 0/1"] });
    const two = vcfOf({ records: ["2 100 . A G 50 PASS . GT 0/1"] });
    expect(places(await together({ "chr1.vcf": one, "chr2.vcf": two }))).toEqual(["1:100 A>G", "2:100 A>G"]);
    expect(places(await together({ "chr2.vcf": two, "chr1.vcf": one }))).toEqual(["1:100 A>G", "2:100 A>G"]);
  });

  test("a call that two files have alike counts once, one that differs stays and is told", async () => {
    const a = vcfOf({ records: ["1 100 rs1 A G 50 PASS . GT 0/1", "1 200 . C T 50 PASS . GT 0/1"] });
    const b = vcfOf({
      records: [
        "1 100 . A G 9 PASS . GT 1|0",
        "1 200 . C T 50 PASS . GT 1/1",
        "1 200 . C G 50 PASS . GT 0/1",
      ],
    });
    const both = await together({ "a.vcf": a, "b.vcf": b });
    expect(both.rows.map(({ start, rsid, genotype }) => [start, rsid, genotype?.join("/")])).toEqual([
      [100, "rs1", "A/G"],
      [200, "", "C/T"],
      [200, "", "T/T"],
      [200, "", "C/G"],
    ]);
    expect(finding(both, "TWICE_IN_FILES")).toEqual({ count: 1, first: "b.vcf: 1:100" });
    expect(finding(both, "FILES_DISAGREE")).toEqual({ count: 1, first: "b.vcf: 1:200" });
    expect(both.summary.records).toMatchObject({ read: 5, kept: 4 });
    expect(both.summary.presence).toEqual({ called_variant: 4 });
  });

  test("two records of one place within a file are no matter of the files", async () => {
    const a = vcfOf({ records: ["1 100 . A G 50 PASS . GT 0/1", "1 100 . A G 50 PASS . GT 0/1"] });
    const both = await together({ "a.vcf": a, "b.vcf": INDELS });
    expect(both.summary.records.kept).toBe(4);
    expect(both.summary.findings).toEqual([]);
  });

  test("findings name the file and the line, and count all files", async () => {
    const odd = vcfOf({ records: ["1 x . A G 50 PASS . GT 0/1", "1 5 . A G 50 PASS . GT 0/1"] });
    const odder = vcfOf({ records: ["2 9 . A G 50 PASS . GT 0/1", "2 y . A G 50 PASS . GT 0/1"] });
    const all = await together({ "snp.vcf": SNPS, "a.vcf": odd, "b.vcf": odder });
    expect(finding(all, "BAD_POSITION")).toEqual({ count: 2, first: "a.vcf: line 16: POS is x" });
  });

  test("one without records is told, and all without are refused", async () => {
    const none = vcfOf({ records: [] });
    const both = await together({ "chrX.vcf": SNPS, "chrY.vcf": none });
    expect(both.summary.findings).toEqual([
      { kind: "NO_RECORDS", count: 1, first: "chrY.vcf: there is no line after its header" },
    ]);
    await expect(together({ "a.vcf": none, "b.vcf": none })).rejects.toThrow("the files have no records");
  });

  test("a field that they declare in two ways has the wider type", async () => {
    const whole = FIELDS.map((line) =>
      line.replace("ID=AF,Number=A,Type=Float", "ID=AF,Number=1,Type=Integer"),
    );
    const a = vcfOf({ records: ["1 100 . A G 50 PASS AF=0.5 GT 0/1"] });
    const b = vcfOf({ meta: [...CONTIGS, ...whole], records: ["1 200 . A G 50 PASS AF=1 GT 0/1"] });
    const both = await together({ "a.vcf": a, "b.vcf": b });
    expect(both.rows.map(({ AF }) => AF)).toEqual([[0.5], [1]]);
  });

  test("the sample may stand at another place in each", async () => {
    const a = vcfOf({ samples: ["S", "T"], records: ["1 100 . A G 50 PASS . GT 0/1 1/1"] });
    const b = vcfOf({ samples: ["T", "S"], records: ["1 200 . A G 50 PASS . GT 0/1 1/1"] });
    await expect(together({ "a.vcf": a, "b.vcf": b })).rejects.toThrow("one has to be chosen: S, T");
    const both = await together({ "a.vcf": a, "b.vcf": b }, { sample: "T" });
    expect(both.rows.map(({ genotype }) => genotype?.join("/"))).toEqual(["G/G", "A/G"]);
  });
});

describe("files that do not go together are refused by name:", () => {
  test("other samples", async () => {
    const other = vcfOf({ samples: ["T"], records: ["1 100 . A G 50 PASS . GT 0/1"] });
    await expect(together({ "snp.vcf": SNPS, "other.vcf": other })).rejects.toMatchObject({
      info: {
        code: "source",
        message: "the files have no sample in common: snp.vcf has S, other.vcf has T",
        at: expect.stringMatching(/other\.vcf$/),
      },
    });
  });

  test("another build", async () => {
    const old = vcfOf({ meta: ["##contig=<ID=1,length=249250621>"], records: ["1 1 . A G 5 PASS . GT 0/1"] });
    const { paths } = await filesIn({ "snp.vcf": SNPS, "old.vcf": old });
    await expect(inspectVcf(paths, new AbortController().signal)).rejects.toThrow(
      "the files are on different genome builds: snp.vcf on GRCh38, old.vcf on GRCh37",
    );
  });

  test("one that states no genotypes", async () => {
    const sites = vcfOf({ records: ["1 100 . A G 50 PASS . DP 9"] });
    await expect(together({ "snp.vcf": SNPS, "sites.vcf": sites })).rejects.toThrow(
      "sites.vcf states no genotypes, and snp.vcf does",
    );
  });

  test("a build that one of them does not state is open", async () => {
    const silent = vcfOf({ meta: FIELDS, records: ["1 100 . A G 50 PASS . GT 0/1"] });
    const both = await together({ "snp.vcf": SNPS, "silent.vcf": silent });
    expect(both.summary.build).toEqual({
      detected: null,
      how: "of silent.vcf: the header has no contig lines and names no reference",
    });
    expect(finding(both, "BUILD_UNKNOWN")).toEqual({ count: 1, first: "silent.vcf" });
  });
});
