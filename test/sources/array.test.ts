import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { readHead } from "../../kernel/sources/array/head.ts";
import {
  BUILD_37,
  ingested,
  ingestedTogether,
  of23andMe,
  ofAncestry,
  ofMyHeritage,
} from "../support/array-file.ts";
import type { ArrayRow, CallLine } from "../support/array-file.ts";

const CALLS: readonly CallLine[] = [
  ["rs7", "2", 700, "GA"],
  ["rs1", "1", 100, "AA"],
  ["rs2", "1", 90, "--"],
  ["rs5", "X", 500, "T"],
  ["rs6", "MT", 16_000, "C"],
];
const READ = [
  ["rs2", "1", 90, "", "no_call"],
  ["rs1", "1", 100, "AA", "called"],
  ["rs7", "2", 700, "AG", "called"],
  ["rs5", "X", 500, "T", "called"],
  ["rs6", "MT", 16_000, "C", "called"],
];

const APART = "; none of its positions is compared";

function short(rows: readonly ArrayRow[]): unknown[] {
  return rows.map((row) => [row.rsid, row.chrom, row.file_position, row.genotype.join(""), row.presence]);
}

describe("files of vendors", () => {
  test("of 23andMe: sorted, without a position that could be taken for one of GRCh38", async () => {
    const { summary, rows } = await ingested(of23andMe(CALLS));
    expect(short(rows)).toEqual(READ);
    expect(rows.every(({ start, ref }) => start === null && ref === null)).toBe(true);
    expect(summary).toMatchObject({
      kind: "array",
      caller: "23andMe",
      build: { detected: "GRCh37", how: `by its header, which says build 37${APART}` },
      records: { read: 5, kept: 5 },
      has_rsids: true,
      presence: { called: 4, no_call: 1 },
      findings: [],
    });
  });

  test("of AncestryDNA: two columns of alleles, X and MT by number, CRLF", async () => {
    const { summary, rows } = await ingested(ofAncestry(CALLS));
    // Both columns hold the one allele of a man's X.
    expect(short(rows)).toEqual(
      READ.map(([id, ...rest]) =>
        id === "rs5" || id === "rs6"
          ? [id, rest[0], rest[1], `${rest[2]}${rest[2]}`, rest[3]]
          : [id, ...rest],
      ),
    );
    expect(summary.caller).toBe("AncestryDNA, array version V2.0");
    expect(summary.build.detected).toBe("GRCh37");
    expect(summary.findings.map(({ kind }) => kind)).toEqual(["CRLF"]);
  });

  test("of MyHeritage: commas and quotes", async () => {
    const { summary, rows } = await ingested(ofMyHeritage(CALLS), "MyHeritage_raw_dna_data.csv");
    expect(short(rows)).toEqual(READ);
    expect(summary).toMatchObject({ caller: "MyHeritage, chip GSA", build: { detected: "GRCh37" } });
  });

  test("of FamilyTreeDNA: no comment at all, packed, with a byte order mark", async () => {
    const { summary, rows } = await ingested(gzipSync(`\uFEFF${ofMyHeritage(CALLS, [])}`));
    expect(short(rows)).toEqual(READ);
    expect(summary).toMatchObject({
      caller: null,
      build: { detected: null, how: `the header names no build${APART}` },
      findings: [{ kind: "BYTE_ORDER_MARK" }],
    });
  });

  test.each([
    ["NCBI36", 45411941 + 4691840],
    ["GRCh37", 45411941],
    ["GRCh38", 44908684],
  ])("of no stated build: %s by where well-known variants lie", async (build, position) => {
    const { summary } = await ingested(ofMyHeritage([...CALLS, ["rs429358", "19", position, "TT"]], []));
    expect(summary.build).toEqual({
      detected: build,
      how: `by the positions of 1 of 1 well-known variants; the header names no build${APART}`,
    });
  });

  test("two builds in one header are none", () => {
    const head = readHead(of23andMe([], [BUILD_37, "# lifted to build 38"]));
    expect(head?.build).toEqual({ detected: null, how: "the header names two builds, GRCh37 and GRCh38" });
  });

  test("a VCF and a table of something else are no array", () => {
    expect(readHead("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n")).toBeNull();
    expect(readHead("rsid,gene,weight\nrs1,APOE,1\n")).toBeNull();
    expect(readHead("Dear diary,\n# rsid\tchromosome\tposition\tgenotype\n")).toBeNull();
  });
});

describe("a file in which no line names the columns", () => {
  const bare = (text: string): string =>
    text
      .split(/\r?\n/)
      .filter((line) => !/^(?:#|rsid|RSID)/.test(line))
      .join("\n");

  test.each([
    ["of one column of genotypes", of23andMe(CALLS), READ.map((row) => row[3])],
    ["of two columns of alleles", ofAncestry(CALLS), ["", "AA", "AG", "TT", "CC"]],
    ["of commas and quotes", ofMyHeritage(CALLS), READ.map((row) => row[3])],
  ])("%s is read by what they hold, and that is said", async (_what, text, genotypes) => {
    const { rows, summary } = await ingested(bare(text));
    expect(rows.map(({ genotype }) => genotype.join(""))).toEqual(genotypes);
    expect(summary).toMatchObject({ caller: null, records: { read: 5 } });
    expect(summary.findings).toEqual([{ kind: "NO_COLUMN_NAMES", count: 1, first: null }]);
  });

  test("keeps what its comments say", () => {
    expect(readHead(of23andMe(CALLS).replace(/# rsid.*\n/, ""))).toMatchObject({
      vendor: "23andMe",
      build: { detected: "GRCh37" },
      lines: 3,
    });
  });

  test.each([
    ["rs1\t1\t100\tA\tG\nrs2\t1\t200\tC\tT\n", "two columns that are never alike may be REF and ALT"],
    ["rs1\t1\t100\tAA\nrs2\t1\t200\t0.3\n", "a line that holds no genotype"],
    ["chr1\t1\t100\tAA\nchr1\t1\t200\tAA\n", "no rsID"],
    ["rs1\t1\t100\tAA\t1\nrs2\t1\t200\tAG\t2\n", "something else behind"],
    ["1\trs1\t0\t100\tA\tA\n", "PLINK's own order"],
  ])("is none when it may be something else: %j (%s)", (text) => {
    expect(readHead(text)).toBeNull();
  });
});

describe("several files that are one sample", () => {
  const x: CallLine[] = [
    ["rs5", "X", 500, "T"],
    ["rs8", "X", 800, "AX"],
    ["rs5", "X", 500, "T"],
  ];

  test("lie in one table; findings name the file and its line", async () => {
    const { rows, summary } = await ingestedTogether({
      "autosomal.csv": ofMyHeritage(CALLS.slice(0, 3), ["##reference=build37"]),
      "x.csv": ofMyHeritage(x, []),
    });
    expect(short(rows)).toEqual([...READ.slice(0, 4), ["rs8", "X", 800, "", "no_call"]]);
    expect(summary).toMatchObject({
      records: { read: 6, kept: 5 },
      source: { name: "autosomal.csv, x.csv", files: [{ name: "autosomal.csv" }, { name: "x.csv" }] },
      build: { detected: "GRCh37" },
      caller: null,
      findings: [
        { kind: "GT_MALFORMED", count: 1, first: "x.csv: line 3: rs8" },
        { kind: "RSID_TWICE", count: 1, first: "x.csv: line 2: rs5" },
      ],
    });
  });

  test("of which two call an rsID differently have no call of it", async () => {
    const { rows, summary } = await ingestedTogether({
      "a.txt": of23andMe([["rs1", "1", 1, "AG"]]),
      "b.txt": ofAncestry([
        ["rs2", "1", 2, "CC"],
        ["rs1", "1", 1, "AA"],
      ]),
    });
    expect(rows).toMatchObject([
      { rsid: "rs1", presence: "conflict" },
      { rsid: "rs2", presence: "called" },
    ]);
    expect(summary.caller).toBe("23andMe; AncestryDNA, array version V2.0");
    expect(summary.findings).toContainEqual({ kind: "RSID_CONFLICT", count: 1, first: "a.txt: line 5: rs1" });
  });

  test("one without a call is told", async () => {
    const { summary } = await ingestedTogether({ "a.txt": of23andMe(CALLS), "y.txt": of23andMe([]) });
    expect(summary.findings).toEqual([
      { kind: "NO_RECORDS", count: 1, first: "y.txt: there is no line after its header" },
    ]);
  });

  test("of two builds are refused", async () => {
    const other = of23andMe(CALLS, ["# build 36"]);
    await expect(ingestedTogether({ "a.txt": of23andMe(CALLS), "b.txt": other })).rejects.toThrow(
      "the files are on different genome builds: a.txt on GRCh37, b.txt on NCBI36",
    );
  });
});

describe("calls that say less", () => {
  const read = async (...calls: CallLine[]): ReturnType<typeof ingested> => ingested(of23andMe(calls));

  test("I and D leave the bases open, and are counted", async () => {
    const { rows, summary } = await read(["rs1", "1", 1, "DI"], ["rs2", "1", 2, "D"], ["rs3", "1", 3, "AA"]);
    expect(short(rows).slice(0, 2)).toEqual([
      ["rs1", "1", 1, "", "unresolved"],
      ["rs2", "1", 2, "", "unresolved"],
    ]);
    expect(summary.findings).toEqual([{ kind: "INDEL_LETTERS", count: 2, first: "line 5: rs1" }]);
  });

  test("one allele of two is a half call; other letters are none", async () => {
    const { rows, summary } = await read(
      ["rs1", "1", 1, "A-"],
      ["rs2", "1", 2, "AX"],
      ["rs3", "1", 3, "AGG"],
    );
    expect(short(rows)).toEqual([
      ["rs1", "1", 1, "A", "half_call"],
      ["rs2", "1", 2, "", "no_call"],
      ["rs3", "1", 3, "", "no_call"],
    ]);
    expect(summary.findings).toEqual([{ kind: "GT_MALFORMED", count: 2, first: "line 6: rs2" }]);
  });

  test("one base is one copy on X, Y and MT, and half a call elsewhere, as where a file is cut off", async () => {
    const { rows } = await ingested(
      of23andMe([
        ["rs1", "Y", 1, "A"],
        ["rs2", "2", 2, "A"],
      ]).slice(0, -1),
    );
    expect(rows.map(({ rsid, presence }) => [rsid, presence])).toEqual([
      ["rs2", "half_call"],
      ["rs1", "called"],
    ]);
  });

  test("variants without an id are kept as they are, and are not one variant", async () => {
    const { rows } = await read([".", "1", 1, "AA"], [".", "1", 2, "CC"], ["---", "1", 3, "GG"]);
    expect(rows.map(({ rsid, genotype }) => `${rsid} ${genotype.join("")}`)).toEqual([" AA", " CC", " GG"]);
  });

  test("ids of the vendor's own are kept and counted; chromosome and position 0 are not known", async () => {
    const { rows, summary } = await read(["i5000001", "1", 1, "AA"], ["rs2", "0", 0, "CC"]);
    expect(short(rows)).toEqual([
      ["i5000001", "1", 1, "AA", "called"],
      ["rs2", null, null, "CC", "called"],
    ]);
    expect(summary.findings).toEqual([{ kind: "NO_RSID", count: 1, first: "line 5: i5000001" }]);
  });

  test("an rsID on several lines counts once, a call before no call; where calls differ none counts", async () => {
    const { rows, summary } = await read(
      ["rs1", "1", 1, "--"],
      ["rs1", "1", 1, "AG"],
      ["rs1", "1", 1, "GA"],
      ["rs2", "1", 2, "AA"],
      ["rs2", "1", 2, "GG"],
    );
    expect(short(rows)).toEqual([
      ["rs1", "1", 1, "AG", "called"],
      ["rs2", "1", 2, "", "conflict"],
    ]);
    expect(summary.records).toMatchObject({ read: 5, kept: 2 });
    expect(summary.findings).toEqual([
      { kind: "RSID_TWICE", count: 1, first: "line 5: rs1" },
      { kind: "RSID_CONFLICT", count: 1, first: "line 8: rs2" },
    ]);
  });

  test("lines that hold no call are left out, and counted with the first", async () => {
    const { rows, summary } = await read(
      ["rs1", "1", 1, "AA"],
      ["", "1", 1, "AA"],
      ["rs3", "1", "x9", "AA"],
      ["rs4 tail", "1", 4, "AA\n\nrs5\t1"],
    );
    expect(rows.map(({ rsid }) => rsid)).toEqual(["rs1", "rs4 tail"]);
    expect(summary.findings).toEqual([
      { kind: "NO_CALL_LINE", count: 2, first: "line 6: 4 columns" },
      { kind: "BAD_POSITION", count: 1, first: "line 7: position x9" },
      { kind: "NO_RSID", count: 1, first: "line 8: rs4 tail" },
      { kind: "BLANK_LINE", count: 1, first: "line 9: is empty" },
    ]);
  });

  test("a tab or a return inside a value makes no other row", async () => {
    const { rows } = await ingested(ofMyHeritage([["rs1\t2\r", "1", 1, "AA"], CALLS[1] ?? ["", "", 0, ""]]));
    expect(rows).toHaveLength(2);
  });
});
