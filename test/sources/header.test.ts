import { describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";

import { detectBuild, hasOldMitochondrion, requireOurBuild } from "../../kernel/sources/vcf/build.ts";
import { parseHeader } from "../../kernel/sources/vcf/header.ts";
import type { VcfHeader } from "../../kernel/sources/vcf/header.ts";
import { tabbed } from "./vcf-case.ts";

const COLUMNS = tabbed("#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S");

function header(...meta: string[]): VcfHeader {
  return parseHeader(["##fileformat=VCFv4.2", ...meta, COLUMNS], "a.vcf");
}

function contig(id: string, length: number): string {
  return `##contig=<ID=${id},length=${length}>`;
}

function refusal(work: () => unknown): WorkspaceError["info"] {
  try {
    work();
  } catch (error) {
    if (error instanceof WorkspaceError) return error.info;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("header", () => {
  test("odd spaces, quotes with commas and missing quotes are read", () => {
    const { info, contigs } = header(
      '##INFO=<ID=DP , Number=1,Type=Integer,Description="a, \\"b\\" <c>">',
      "##INFO=<Number=A,ID=AF,Type=Float,Description=none given>",
      "##contig=<ID=chr1,length=248956422,assembly=hg38>",
      "##contig=<ID=broken",
    );
    expect(info).toEqual([
      { id: "DP", number: "1", type: "Integer" },
      { id: "AF", number: "A", type: "Float" },
    ]);
    expect(contigs).toEqual([
      { id: "chr1", length: 248956422, assembly: "hg38" },
      { id: "broken", length: null, assembly: null },
    ]);
  });

  test.each([
    ["spaces", `ID=A,${" ".repeat(400_000)}Type=Integer`],
    ["spaces between quotes", `ID=A,Type=Integer,Description="${" ".repeat(400_000)}"x`],
    ["a word and spaces", `ID=A,Type=Integer,${"a".repeat(200_000)}${" ".repeat(200_000)}`],
    ["quotes", `ID=A,Type=Integer,Description="${'"d" '.repeat(100_000)}"`],
  ])("a line of many %s is read at once", (_what, line) => {
    expect(header(`##INFO=<${line}>`).info).toEqual([{ id: "A", number: ".", type: "Integer" }]);
  });

  test.each([
    ["##DeepVariant_version=1.1.0", "DeepVariant 1.1.0"],
    ["##source=strelka", "strelka"],
    [
      '##GATKCommandLine=<ID=HaplotypeCaller,CommandLine="x",Version="4.1.4.0">',
      "GATK HaplotypeCaller 4.1.4.0",
    ],
    ['##DRAGENVersion=<ID=dragen,Version="SW: 07.021">', "DRAGEN SW: 07.021"],
  ])("%s names the caller", (line, caller) => {
    expect(header(line).caller).toBe(caller);
  });

  test("a header that names no program has no caller", () => {
    expect(header().caller).toBeNull();
  });

  test("samples that stand twice are refused by name", () => {
    expect(refusal(() => parseHeader([`${COLUMNS}\tT\tS`], "a.vcf"))).toMatchObject({
      code: "source",
      message: "sample names stand twice: S",
      at: "a.vcf:1",
    });
  });

  test.each([
    [`${COLUMNS}\t`, ["S"]],
    [`${COLUMNS}\t\t`, ["S"]],
    [COLUMNS.replace(/S$/, ""), [""]],
    [COLUMNS.replace(/FORMAT\tS$/, ""), []],
  ])("a tab at the end names no sample, but behind FORMAT (%j)", (columns, samples) => {
    expect(parseHeader([columns], "a.vcf")).toMatchObject({ samples, hasFormat: samples.length > 0 });
  });

  test("spaces between the columns are refused and explained", () => {
    expect(refusal(() => parseHeader(["##x", COLUMNS.replaceAll("\t", " ")], "a.vcf"))).toMatchObject({
      code: "source",
      message: "columns are separated by spaces, a VCF has tabs",
      at: "a.vcf:2",
    });
  });

  test("VCF 3.3 is refused, 4.0 to 4.5 are read", () => {
    expect(refusal(() => parseHeader(["##fileformat=VCFv3.3", COLUMNS], "a.vcf"))).toMatchObject({
      message: "VCF version is not supported: 3.3",
    });
    for (const version of ["4.0", "4.1", "4.2", "4.3", "4.4", "4.5"]) {
      expect(parseHeader([`##fileformat=VCFv${version}`, COLUMNS], "a.vcf").version).toBe(version);
    }
  });

  test("text without a #CHROM line is no VCF", () => {
    expect(refusal(() => parseHeader(["##fileformat=VCFv4.2"], "a.vcf"))).toMatchObject({
      message: "not a VCF: there is no #CHROM line above the records",
    });
    expect(refusal(() => parseHeader([], "a.vcf"))).toMatchObject({ code: "source" });
  });
});

describe("genome build", () => {
  test.each([
    ["GRCh38", 248956422],
    ["GRCh37", 249250621],
    ["T2T-CHM13", 248387328],
  ])("%s is told by the length of chromosome 1", (build, length) => {
    expect(detectBuild(header(contig("chr1", length)))).toEqual({
      detected: build,
      how: "by the length of contig chr1",
    });
  });

  test("every primary contig votes, whatever it is called", () => {
    const lines = [contig("NC_000001.11", 248956422), contig("chr2", 242193529), contig("X", 156040895)];
    expect(detectBuild(header(...lines))).toEqual({ detected: "GRCh38", how: "by 3 contig lengths" });
  });

  test("lengths that are of no build do not vote, as those of PLINK that are the last position", () => {
    const lines = [contig("1", 248900000), contig("2", 242193529)];
    expect(detectBuild(header(...lines)).detected).toBe("GRCh38");
  });

  test("lengths of two builds are refused", () => {
    const mixed = header(contig("1", 248956422), contig("2", 243199373));
    expect(refusal(() => detectBuild(mixed))).toMatchObject({
      code: "source",
      message:
        "contig lines of two genome builds in one file: contig 1 is 248956422 bases long (GRCh38), contig 2 is 243199373 bases long",
    });
  });

  test("GRCh37 is refused with the contig that gave it away", () => {
    const old = header(contig("chr21", 48129895));
    expect(refusal(() => requireOurBuild(old, detectBuild(old)))).toEqual({
      code: "source",
      at: "a.vcf",
      message: "genome build is GRCh37: contig chr21 is 48129895 bases long, GRCh38 has 46709983",
      hint: "Give a file that was called against GRCh38, or lift this one over to it first.",
    });
  });

  test("T2T-CHM13 is refused", () => {
    const other = header(contig("chr1", 248387328));
    expect(refusal(() => requireOurBuild(other, detectBuild(other))).message).toMatch(
      /^genome build is T2T-CHM13: /,
    );
  });

  test.each([
    ["##reference=file:///refs/hs37d5.fa", "GRCh37"],
    ["##reference=human_g1k_v37_decoy.fasta", "GRCh37"],
    ["##reference=GRCh38_full_analysis_set", "GRCh38"],
    ["##reference=chm13v2.0.fa", "T2T-CHM13"],
    ["##contig=<ID=chr1,assembly=hg38>", "GRCh38"],
  ])("without lengths, %s is weaker evidence of %s", (line, build) => {
    expect(detectBuild(header(line)).detected).toBe(build);
    expect(detectBuild(header(line)).how).toMatch(/^by its name in the header: /);
  });

  test("a length weighs more than a name", () => {
    expect(detectBuild(header("##reference=hg19.fa", contig("1", 248956422))).detected).toBe("GRCh38");
  });

  test.each([
    ["NC_000001.11", "GRCh38"],
    ["NC_000001.10", "GRCh37"],
    ["NC_000007.13", "GRCh37"],
    ["NC_000024.10", "GRCh38"],
    ["CM000663.2", "GRCh38"],
    ["CM000686.1", "GRCh37"],
    ["NC_060925.1", "T2T-CHM13"],
  ])("without lengths, the accession %s is that of %s, in the header and in the records", (id, build) => {
    const expected = { detected: build, how: `by the accession of contig ${id}` };
    expect(detectBuild(header("##reference=ref.fa", `##contig=<ID=${id}>`))).toEqual(expected);
    expect(detectBuild(header(), ["chrUn_1", id])).toEqual(expected);
  });

  test("accessions of other versions, of the mitochondrion, and of two builds name none", () => {
    for (const ids of [["NC_000001.9"], ["NC_012920.1"], ["NC_000001.11", "NC_000002.11"]])
      expect(detectBuild(header(), ids).detected).toBeNull();
  });

  test("a header that states nothing is not refused", () => {
    const silent = header();
    expect(detectBuild(silent)).toEqual({
      detected: null,
      how: "the header has no contig lines and names no reference",
    });
    expect(() => requireOurBuild(silent, detectBuild(silent))).not.toThrow();
  });

  test("a chrM of 16571 bases is not the mitochondrion of our positions", () => {
    expect(hasOldMitochondrion(header(contig("chrM", 16571)))).toBe(true);
    expect(hasOldMitochondrion(header(contig("chrM", 16569)))).toBe(false);
  });
});
