import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { describe, expect, onTestFinished, test } from "vitest";

import { inspectVcf } from "../../kernel/sources/vcf/inspect.ts";
import { CONTIGS, FIELDS, call, finding, ingested, tabbed, vcfOf } from "./vcf-case.ts";

const never = new AbortController().signal;
const FIXTURES = fileURLToPath(new URL("../fixtures/vcf/", import.meta.url));
const TEXT = vcfOf({ records: [call("0/1"), call("1/1", { pos: 200 })] });

/** 4,000 records in six BGZF blocks; made by another program, see the README beside it. */
const bgzip = await readFile(join(FIXTURES, "blocks.vcf.gz"));
const EOF_BLOCK_BYTES = 28;

describe("packing is told by the first bytes", () => {
  test("bgzip is read block by block, under any name", async () => {
    const result = await ingested(bgzip, { name: "genome.txt" });
    expect(result.rows).toHaveLength(4000);
    expect(result.rows.at(-1)).toMatchObject({ start: 40000, genotype: ["A", "G"] });
    expect(result.summary.findings).toEqual([]);
  });

  test("plain gzip named .vcf.gz is read, with the note that it has no random access", async () => {
    const result = await ingested(gzipSync(TEXT), { name: "a.vcf.gz" });
    expect(result.rows).toHaveLength(2);
    expect(finding(result, "NOT_BGZIP")).not.toBeNull();
  });

  test("gzip of several members is read to the end", async () => {
    const half = Math.floor(TEXT.length / 2);
    const members = [TEXT.slice(0, half), "", TEXT.slice(half)].map((text) => gzipSync(text));
    expect((await ingested(Buffer.concat(members))).rows).toHaveLength(2);
  });

  test("plain text named .gz is read as text", async () => {
    const result = await ingested(TEXT, { name: "a.vcf.gz" });
    expect(result.rows).toHaveLength(2);
    expect(finding(result, "NOT_BGZIP")).toBeNull();
  });

  test("an end mark in the middle, as of two files in one, is read through", async () => {
    const records = gzipSync(`${tabbed(call("0/1", { pos: 50000 }))}\n`);
    const result = await ingested(Buffer.concat([bgzip, records]));
    expect(result.rows).toHaveLength(4001);
  });

  test.each([
    ["zip", [0x50, 0x4b, 3, 4]],
    ["bzip2", [0x42, 0x5a, 0x68]],
  ])("%s is refused by name", async (name, magic) => {
    await expect(ingested(Buffer.from([...magic, 1, 2, 3]))).rejects.toMatchObject({
      info: { code: "source", message: `a ${name} file cannot be read as it is` },
    });
  });

  test("BCF is refused by name", async () => {
    await expect(ingested(gzipSync("BCF\u0002\u0002xxxxxxxx"))).rejects.toMatchObject({
      info: { code: "source", message: "this is BCF, the binary form of VCF" },
    });
  });

  test.each([
    ["a file that is packed twice", gzipSync(gzipSync(TEXT)), "the file is packed twice with gzip"],
    ["UTF-16", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "this is text in UTF-16"],
  ])("%s is refused by name", async (_what, bytes, message) => {
    await expect(ingested(bytes)).rejects.toMatchObject({ info: { code: "source", message } });
  });
});

describe("damage", () => {
  test("a bgzip file without its end mark is read, with the finding that it may be cut off", async () => {
    const result = await ingested(bgzip.subarray(0, -EOF_BLOCK_BYTES));
    expect(result.rows).toHaveLength(4000);
    expect(finding(result, "MAYBE_TRUNCATED")).not.toBeNull();
  });

  test("a block that is cut off is refused with the last good position", async () => {
    await expect(ingested(bgzip.subarray(0, -200))).rejects.toMatchObject({
      info: {
        code: "source",
        message: expect.stringMatching(/^file is damaged after 1:\d{5}: the last block is cut off$/),
      },
    });
  });

  test("a block whose bytes were changed is refused with the last good position", async () => {
    const broken = Buffer.from(bgzip);
    const at = broken.length - 1000;
    broken[at] = (broken[at] ?? 0) ^ 0xff;
    await expect(ingested(broken)).rejects.toMatchObject({
      info: { message: expect.stringMatching(/^file is damaged after 1:\d+: a block is broken$/) },
    });
  });

  test("a gzip file that is cut off is refused", async () => {
    const packed = gzipSync(TEXT);
    await expect(ingested(packed.subarray(0, -12))).rejects.toMatchObject({
      info: { code: "source", message: expect.stringContaining("the text is cut off") },
    });
  });

  test("a file that is broken before its records is not taken for something else", async () => {
    await expect(ingested(gzipSync(TEXT).subarray(0, 40))).rejects.toMatchObject({
      info: { message: "file is damaged before the first record: the text is cut off" },
    });
  });
});

describe("text", () => {
  test("CRLF line ends are taken off", async () => {
    const result = await ingested(TEXT.replaceAll("\n", "\r\n"));
    expect(result.rows.map(({ genotype }) => genotype)).toEqual([
      ["A", "G"],
      ["G", "G"],
    ]);
    expect(result.summary.samples.chosen).toBe("S");
    expect(finding(result, "CRLF")).not.toBeNull();
  });

  test("a byte order mark is left out and noted", async () => {
    const result = await ingested(`\uFEFF${TEXT}`);
    expect(result.rows).toHaveLength(2);
    expect(finding(result, "BYTE_ORDER_MARK")).not.toBeNull();
    expect(finding(result, "NO_FILEFORMAT")).toBeNull();
  });

  test("a file without ##fileformat is read, with a finding", async () => {
    const result = await ingested(TEXT.slice(TEXT.indexOf("\n") + 1));
    expect(result.rows).toHaveLength(2);
    expect(finding(result, "NO_FILEFORMAT")).not.toBeNull();
  });

  test("spaces in the place of tabs are refused, in the header line and in the records", async () => {
    const message = "columns are separated by spaces, a VCF has tabs";
    await expect(ingested(TEXT.replaceAll("\t", " "))).rejects.toMatchObject({ info: { message } });
    const records = `${vcfOf({ records: [] })}${call("0/1")}\n`;
    await expect(ingested(records)).rejects.toMatchObject({
      info: { message, at: expect.stringMatching(/case\.vcf:16$/) },
    });
  });

  test.each([
    ["an empty file", "", /not a VCF/],
    ["a file of other text", "hello\nworld\n", /not a VCF/],
    ["a header alone", vcfOf({ records: [] }), /the file has no records/],
    ["a header and blank lines", `${vcfOf({ records: [] })}\n\n`, /the file has no records/],
  ])("%s is refused clearly", async (_title, text, message) => {
    await expect(ingested(text)).rejects.toMatchObject({
      info: { code: "source", message: expect.stringMatching(message) },
    });
  });

  test("a header of thousands of contigs is read", async () => {
    const decoys = Array.from(
      { length: 4000 },
      (_, index) => `##contig=<ID=decoy${index},length=${1000 + index}>`,
    );
    const result = await ingested(
      vcfOf({
        meta: [...decoys, ...CONTIGS, ...FIELDS],
        records: [call("0/1"), "decoy3999 7 . A G 50 PASS . GT 1/1"],
      }),
    );
    expect(result.rows.map(({ chrom }) => chrom)).toEqual(["1", "decoy3999"]);
  });

  test("a line of seven megabytes is read", async () => {
    const long = "ACGT".repeat(1_750_000);
    const result = await ingested(
      vcfOf({ records: [call("0/1", { alt: long }), call("1/1", { pos: 200 })] }),
    );
    expect(result.rows[0]?.alt).toHaveLength(7_000_000);
    expect(result.rows[1]?.genotype).toEqual(["G", "G"]);
  });

  test("a file of one endless line is not taken into memory", async () => {
    const directory = await mkdtemp(join(tmpdir(), "karyon-endless-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, "endless.vcf");
    await writeFile(path, "##");
    await truncate(path, 6_000_000_000);
    await expect(inspectVcf(path, never)).rejects.toThrow("not a VCF: there is no #CHROM line");
  });

  test("a longer line than any sane file has is refused by its line, without a word of what it holds", async () => {
    const vcf = vcfOf({ records: [call("0/1"), call("0/1", { alt: "ACGT".repeat(2_500_000) })] });
    const refusal: unknown = await ingested(vcf).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      info: {
        code: "source",
        message: "record is longer than 8 MB",
        at: expect.stringMatching(/case\.vcf:17$/),
      },
    });
    expect(JSON.stringify(refusal)).not.toMatch(/ACGT|0\/1/);
  });

  test("one sample of thousands is read", async () => {
    const samples = Array.from({ length: 3000 }, (_, index) => `S${index}`);
    const record = (pos: number): string =>
      `1 ${pos} . A G 50 PASS . GT:DP ${samples.map((_, index) => `${index % 2}/1:${index}`).join(" ")}`;
    const vcf = vcfOf({ samples, records: Array.from({ length: 40 }, (_, index) => record(100 + index)) });
    const { rows } = await ingested(vcf, { sample: "S2000" });
    expect(rows).toHaveLength(40);
    expect(rows[39]).toMatchObject({ genotype: ["A", "G"], DP: 2000 });
    expect((await ingested(vcf, { sample: "S2999" })).rows[0]).toMatchObject({
      genotype: ["G", "G"],
      DP: 2999,
    });
  });
});

test("a file that is not there is refused by name", async () => {
  await expect(inspectVcf("/nowhere/a.vcf", never)).rejects.toMatchObject({
    info: { code: "source", message: "cannot read file: /nowhere/a.vcf" },
  });
});

test("inspection gives the facts of the header alone", async () => {
  const directory = await mkdtemp(join(tmpdir(), "karyon-inspect-"));
  const path = join(directory, "a");
  try {
    await writeFile(
      path,
      gzipSync(vcfOf({ meta: [...CONTIGS, "##source=mine"], samples: ["S", "T"], records: [call("0/1")] })),
    );
    expect(await inspectVcf(path, never)).toEqual({
      compression: "gzip",
      samples: ["S", "T"],
      build: { detected: "GRCh38", how: "by 3 contig lengths" },
      caller: "mine",
      version: "4.2",
    });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test("the hash and the size are those of the file", async () => {
  const { summary } = await ingested(bgzip, { name: "blocks.vcf.gz" });
  expect(summary.source).toEqual({
    name: "blocks.vcf.gz",
    bytes: bgzip.length,
    sha256: (await readFile(join(FIXTURES, "blocks.vcf.gz.sha256"), "utf8")).slice(0, 64),
  });
});
