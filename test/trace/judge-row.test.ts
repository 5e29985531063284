import { expect, test } from "vitest";

import { judgeRow } from "../../kernel/trace/judge-row.ts";
import type { AuthoredRow, Hit, SiteFacts } from "../../kernel/trace/judge-row.ts";

function row(genotype: string, more: Partial<AuthoredRow> = {}): AuthoredRow {
  return {
    module: "panel",
    rsid: "rs1",
    chrom: "1",
    start: 100,
    ref: "A",
    alts: ["G"],
    genotype: genotype.split(/[/|]/),
    phased: genotype.includes("|"),
    weight: null,
    state: null,
    conclusion: null,
    foreign_allele: false,
    ...more,
  };
}

function hit(authored: string, more: Partial<Hit> = {}): Hit {
  return {
    rsid: "rs1",
    module_start: 100,
    module_ref: "A",
    authored,
    chrom: "1",
    start: 100,
    ref: "A",
    presence: "called_variant",
    evidence: "called",
    flank: null,
    ...more,
  };
}

const FACTS: SiteFacts = {
  status: "called_match",
  detail: null,
  hits: [],
  called: [],
  module: { key: "position", reason: null },
  array: false,
  notInferred: null,
};

function said(authored: AuthoredRow, facts: Partial<SiteFacts>): string {
  const { verdict, reason } = judgeRow(authored, { ...FACTS, ...facts });
  return `${verdict}: ${reason}`;
}

test.each<[string, Partial<SiteFacts>, string]>([
  ["A/G", { hits: [hit("A/G")] }, "matched: by position, reference allele and genotype"],
  [
    "A/G",
    { hits: [hit("A/G", { module_ref: null })] },
    "matched: by position and genotype; the module states no reference allele",
  ],
  ["A/G", { hits: [hit("A/G", { module_start: null })] }, "matched: by rsID and genotype"],
  ["A/G", { hits: [hit("A/G")], module: { key: "rsid", reason: null } }, "matched: by rsID and genotype"],
  [
    "A/G",
    { hits: [hit("A/G", { start: 99, ref: "TA" })], detail: "a part of the record at 99" },
    "matched: the same change, which the file has at 1:99 with other bases around it (a part of the record at 99)",
  ],
  [
    "A/A",
    { hits: [hit("A/A", { presence: "hom_ref_block" })], detail: "MIN_DP 25, GQ 50" },
    "matched: inside a block of reference calls with evidence (MIN_DP 25, GQ 50)",
  ],
  [
    "A/A",
    { status: "hom_ref_inferred", hits: [hit("A/A", { evidence: "restored_hom_ref", flank: 12 })] },
    "inferred: no record is here, and the nearest call is 12 bases away: the reference is inferred",
  ],
])("a row of %s that met something says by which rule", (genotype, facts, words) => {
  expect(said(row(genotype), facts)).toBe(words);
});

test.each<[string, Partial<SiteFacts>, string]>([
  ["G/G", { hits: [hit("A/G"), hit("A/G")] }, "other_genotype: the genotype here is A/G"],
  [
    "A/G",
    { status: "called_other_genotype", called: ["A/T", "A/C"] },
    "other_allele: the records here call A/T and A/C, and the module knows no allele T here",
  ],
  [
    "A/G",
    { status: "called_other_genotype", detail: "another variant begins at this position" },
    "other_genotype: another genotype is called here (another variant begins at this position)",
  ],
  [
    "A/G",
    { status: "called_hom_ref", called: ["A/A"] },
    "other_genotype: the genotype here is A/A (the reference is called)",
  ],
  [
    "A/G",
    { status: "hom_ref_block", detail: "MIN_DP 25" },
    "other_genotype: the site lies in a block of reference calls (MIN_DP 25)",
  ],
  [
    "A/A",
    { status: "hom_ref_block" },
    "not_comparable: a block of reference calls covers the site, and another record touches it",
  ],
  ["A/G", { status: "hom_ref_inferred" }, "other_genotype: the reference is inferred here"],
  [
    "A/G",
    { status: "filtered", detail: "min_depth,min_qual" },
    "removed: the record here was removed by depth, by quality",
  ],
  ["A/G", { status: "half_call" }, "no_call: one of two alleles is called here"],
  ["A/G", { status: "overlapped", detail: null }, "not_comparable: a deletion spans the site"],
  [
    "A/A",
    { status: "no_data", notInferred: "the file is targeted" },
    "no_data: nothing in the file covers the site, and the reference is not inferred: the file is targeted",
  ],
  [
    "A/G",
    { status: "no_data", notInferred: "the file is targeted" },
    "no_data: nothing in the file covers the site",
  ],
  [
    "A/G",
    { status: "module_unjoinable", module: { key: null, reason: "the file states no rsIDs" } },
    "not_read: the file states no rsIDs",
  ],
  [
    "G|A",
    { status: "no_call" },
    "never_matches: told apart by the order of the two copies, which a file does not state",
  ],
])("a row of %s that met nothing says why", (genotype, facts, words) => {
  expect(said(row(genotype), facts)).toBe(words);
});

test("an allele that the module does not list can never match, whatever is called", () => {
  expect(said(row("A/T", { foreign_allele: true }), { status: "called_hom_ref" })).toBe(
    "never_matches: an allele that the module does not list at the place",
  );
});

test("a genotype is told as it was authored", () => {
  expect(judgeRow(row("A|G"), FACTS).genotype).toBe("A|G");
});
