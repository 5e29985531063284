import { expect, test } from "vitest";

import type { TracedRecord } from "#protocol/trace.ts";

import { withFates } from "../../kernel/trace/became.ts";
import type { FileLine } from "../../kernel/trace/became.ts";

function line(number: number, more: Partial<FileLine> = {}): FileLine {
  return {
    file: "a.vcf",
    line: number,
    text: `line ${number}`,
    otherSamples: 0,
    chrom: "1",
    start: 100,
    id: "",
    ref: "A",
    alt: "G",
    filter: "PASS",
    bases: null,
    ...more,
  };
}

function record(words: string, more: Partial<TracedRecord> = {}): TracedRecord {
  return {
    chrom: "1",
    start: 100,
    end: 100,
    rsid: "",
    ref: "A",
    alt: "G",
    filter: "PASS",
    genotype: ["A", "G"],
    presence: "called_variant",
    removed_by: null,
    words,
    ...more,
  };
}

/** What was removed is known by its place. */
function removed(words: string, rules: string, more: Partial<TracedRecord> = {}): TracedRecord {
  return record(words, { removed_by: rules, ref: null, alt: null, filter: null, genotype: null, ...more });
}

function fates(lines: readonly FileLine[], records: readonly TracedRecord[]): string[] {
  return withFates(lines, records, ["PASS", "."]).map(({ became }) => became);
}

test("records of one position get each its own line, in whatever order they come", () => {
  const lines = [line(1, { alt: "T" }), line(2), line(3, { ref: "AC", alt: "A" })];
  const records = [
    record("G"),
    record("the deletion", { ref: "AC", alt: "A", end: 101 }),
    record("T", { alt: "T" }),
  ];
  expect(fates(lines, records)).toEqual(["T", "G", "the deletion"]);
});

test("of lines with the same alleles the filter tells which was kept", () => {
  const lines = [line(1, { filter: "q10" }), line(2)];
  expect(fates(lines, [record("kept"), removed("removed", "pass_filters")])).toEqual(["removed", "kept"]);
});

test("of removed lines, end and filter tell by which rule", () => {
  const lines = [line(1, { filter: "q10" }), line(2), line(3, { ref: "AC", alt: "A" })];
  const records = [
    removed("the long one", "min_depth", { end: 101 }),
    removed("by depth", "min_depth"),
    removed("by the filter", "pass_filters,min_qual"),
  ];
  expect(fates(lines, records)).toEqual(["by the filter", "by depth", "the long one"]);
});

test("a block is found though the table leaves its ALT out, and takes no line of another record", () => {
  const lines = [line(1), line(2, { alt: "<NON_REF>", filter: "" })];
  const block = record("a block", { alt: "", filter: "", presence: "hom_ref_block" });
  expect(fates(lines, [block, record("a variant")])).toEqual(["a variant", "a block"]);
});

test("the same call in another file names the line that counts", () => {
  const lines = [line(7), line(3, { file: "b.vcf" })];
  expect(fates(lines, [record("kept")])).toEqual([
    "kept",
    "left out: line 7 of a.vcf has the same, and counts",
  ]);
});

test("a line that is no record says so", () => {
  expect(fates([line(7)], [])).toEqual(["left out: it could not be read as a record"]);
});

const OF_ARRAY = { chrom: null, start: null, ref: null, alt: null, id: "rs1", filter: "" };

test("of lines of an array with one rsID, that with the bases of the record is its own", () => {
  const lines = [line(5, { ...OF_ARRAY, bases: "" }), line(6, { ...OF_ARRAY, bases: "AG" })];
  const call = record("kept", { ...OF_ARRAY, rsid: "rs1", presence: "called" });
  expect(fates(lines, [call])).toEqual(["left out: line 6 has the same rsID, and counts", "kept"]);
});

test("lines of an array that call different genotypes are told of, and neither counts", () => {
  const lines = [line(5, { ...OF_ARRAY, bases: "AA" }), line(6, { ...OF_ARRAY, bases: "AG" })];
  const call = record("a conflict", { ...OF_ARRAY, rsid: "rs1", genotype: [], presence: "conflict" });
  expect(fates(lines, [call])).toEqual(["a conflict", "calls another genotype than line 5: neither counts"]);
});

test("a very long line is cut, and says by how much", () => {
  const [shown] = withFates([line(1, { text: "x".repeat(50_007) })], [], null);
  expect(shown?.text).toHaveLength(50_000);
  expect(shown?.cut).toBe(7);
});
