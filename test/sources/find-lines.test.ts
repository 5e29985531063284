import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { describe, expect, onTestFinished, test } from "vitest";

import { sha256 } from "#notebook/sha256.ts";
import type { Progress } from "#protocol/record.ts";

import { array } from "../../kernel/sources/array/array.ts";
import type { FoundLines, Source, WantedLines } from "../../kernel/sources/source.ts";
import { vcf } from "../../kernel/sources/vcf/vcf.ts";
import { of23andMe, ofAncestry, zipOf } from "../support/array-file.ts";
import { tabbed, vcfOf } from "./vcf-case.ts";

async function find(
  source: Source,
  content: string | Buffer,
  wanted: Partial<WantedLines>,
  progress: (progress: Progress) => void = () => {},
  signal: AbortSignal = new AbortController().signal,
): Promise<FoundLines> {
  const directory = await mkdtemp(join(tmpdir(), "karyon-lines-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "genome");
  await writeFile(path, content);
  return source.findLines(
    path,
    { places: new Map(), ids: new Set(), sample: null, ...wanted },
    { signal, progress },
  );
}

function at(chrom: string, ...positions: readonly number[]): Pick<WantedLines, "places"> {
  return { places: new Map([[chrom, new Set(positions)]]) };
}

const RECORDS = [
  "chr1 100 rs1 A G 50 PASS DP=9 GT:DP 0/1:9",
  "chr1 1000 . A g,T 50 q10 . GT 1/2",
  "1 100 rs1;rs9 A . . . . GT 0/0",
  "chrM 100 . C T 50 PASS . GT 1",
];
const HEADER_LINES = vcfOf({ records: [] }).split("\n").length - 1;

describe("lines of a VCF", () => {
  test("are found by contig, however it is written, and position, with the number of the line", async () => {
    const text = vcfOf({ records: RECORDS });
    const found = await find(vcf, text, at("1", 100));
    expect(found.lines).toEqual([
      {
        line: HEADER_LINES + 1,
        text: tabbed(RECORDS[0] ?? ""),
        otherSamples: 0,
        chrom: "1",
        start: 100,
        id: "rs1",
        ref: "A",
        alt: "G",
        filter: "PASS",
        bases: null,
      },
      {
        line: HEADER_LINES + 3,
        text: tabbed(RECORDS[2] ?? ""),
        otherSamples: 0,
        chrom: "1",
        start: 100,
        id: "rs1;rs9",
        ref: "A",
        alt: "",
        filter: "",
        bases: null,
      },
    ]);
    expect(found.sha256).toBe(sha256(text));
    expect((await find(vcf, text, at("MT", 100))).lines).toMatchObject([{ line: HEADER_LINES + 4 }]);
    expect((await find(vcf, text, at("1", 10))).lines).toEqual([]);
  });

  test("say their alleles as the table of variants has them", async () => {
    const { lines } = await find(vcf, vcfOf({ records: RECORDS }), at("1", 1000));
    expect(lines).toMatchObject([{ ref: "A", alt: "G|T", filter: "q10" }]);
  });

  test("are found in packed files, with line ends of Windows, in the last line without one", async () => {
    const text = vcfOf({ records: RECORDS }).trimEnd().replaceAll("\n", "\r\n");
    const { lines } = await find(vcf, gzipSync(text), at("MT", 100));
    expect(lines).toMatchObject([{ line: HEADER_LINES + 4, text: tabbed(RECORDS[3] ?? "") }]);
  });

  test.each(["rs9", "RS9"])("are found by an ID among several, as %s", async (id) => {
    const records = RECORDS.map((record) => record.replace("rs9", id));
    const { lines } = await find(vcf, vcfOf({ records }), { ids: new Set(["rs9"]) });
    expect(lines).toMatchObject([{ line: HEADER_LINES + 3, text: expect.stringContaining(id) }]);
  });

  test("leave out the columns of other people", async () => {
    const text = vcfOf({ samples: ["A", "B", "C"], records: ["1 7 . A G 50 PASS . GT 0/0 0/1 1/1"] });
    const { lines } = await find(vcf, text, { ...at("1", 7), sample: "B" });
    const found = [{ text: tabbed("1 7 . A G 50 PASS . GT 0/1"), otherSamples: 2 }];
    expect(lines).toMatchObject(found);
    const lower = await find(vcf, text.replace("#CHROM", "#chrom"), { ...at("1", 7), sample: "B" });
    expect(lower.lines).toMatchObject(found);
  });
});

describe("lines of a genotyping array", () => {
  const calls = [
    ["rs1", "1", 100, "GA"],
    ["rs2", "1", 200, "--"],
    ["rs1", "1", 100, "GG"],
  ] as const;

  test("are found by rsID", async () => {
    const text = of23andMe(calls);
    const { lines, sha256: hash } = await find(array, text, { ids: new Set(["rs1"]), ...at("1", 200) });
    expect(lines.map(({ line, text, bases }) => [line, text, bases])).toEqual([
      [5, "rs1\t1\t100\tGA", "AG"],
      [7, "rs1\t1\t100\tGG", "GG"],
    ]);
    expect(hash).toBe(sha256(text));
  });

  test("are found in the zip that a vendor sends", async () => {
    const { lines } = await find(array, zipOf({ "genome.txt": ofAncestry(calls) }), {
      ids: new Set(["rs2"]),
    });
    expect(lines).toMatchObject([
      { id: "rs2", text: expect.stringMatching(/^rs2\t1\t200\t0\t0$/) as string },
    ]);
  });
});

test("a look that is stopped ends, and gives no part of what it found", async () => {
  const abort = new AbortController();
  const text = vcfOf({ records: Array.from({ length: 200_000 }, () => RECORDS[0] ?? "") });
  const found = find(vcf, text, at("1", 100), () => abort.abort(), abort.signal);
  await expect(found).rejects.toMatchObject({ name: "AbortError" });
});

test("what is no genome file any more is told of, not searched", async () => {
  await expect(find(array, "nothing", { ids: new Set(["rs1"]) })).rejects.toThrow(
    "not raw data of a genotyping array",
  );
});
