import { expect, test } from "vitest";

import { moduleOutcome } from "#protocol/annotation.ts";
import { partitionKey } from "#protocol/ids.ts";

import { annotationText } from "../../server/cli/annotate-result.ts";
import { unreadModules } from "../../ui/words/unread-modules.ts";
import { manifestOf, moduleResult } from "../reports/annotation-fixture.ts";

const MODULES = [
  moduleResult("found", [], { matched: 2, probed: 3, presence: { called_match: 2, no_data: 5 } }),
  moduleResult("inferred", [], { restored: 1, presence: { hom_ref_inferred: 1 } }),
  moduleResult("a_module_of_a_long_name", [], {
    probed: 1,
    presence: { called_other_genotype: 1, no_data: 5 },
  }),
  moduleResult("blind", [], { presence: { no_data: 5, filtered: 1 } }),
  moduleResult("of_one_site", [], { presence: { no_call: 1 } }),
  moduleResult("by_rsid", [], { status: "skipped", reason: "the file states no rsIDs" }),
  moduleResult("by_rsid_too", [], { status: "skipped", reason: "the file states no rsIDs" }),
  moduleResult("broken", [], { status: "failed", reason: "variants.csv:2 [weight] not a number: low" }),
];

test("what a module came to is told apart: found, none found, could not look, skipped, failed", () => {
  const text = annotationText({
    run: 1,
    state: "done",
    partition: partitionKey("anna", "genome"),
    unchanged: false,
    records: null,
    findings: [],
    build: null,
    file: { kind: "array", caller: "23andMe" },
    modules: MODULES.map((module) => ({ ...module, outcome: moduleOutcome(module) })),
    report: null,
    error: null,
    duration_seconds: 1,
    peak_rss_mb: 1,
  });
  expect(text.split("\n").slice(2, -1)).toEqual([
    "File       raw data of a genotyping array, matched by rsID · 23andMe",
    "found                   2 matched of 3 probed · 0 raise · 0 lower · net –",
    "inferred                0 matched of 3 probed · 0 raise · 0 lower · net – · 1 inferred, apart",
    "a_module_of_a_long_name none found · 1 probed",
    "blind                   could not look: the file does not say, or a quality rule removed, which alleles there are at its 6 sites",
    "of_one_site             could not look: the file does not say which alleles there are at its 1 site",
    "by_rsid                 skipped: the file states no rsIDs",
    "by_rsid_too             skipped: the file states no rsIDs",
    "broken                  failed: variants.csv:2 [weight] not a number: low",
  ]);
});

test("the page names the modules that were not read, and those that nobody could look for", () => {
  expect(unreadModules({ facts: manifestOf(MODULES) })).toEqual([
    "`blind` could not be looked for: the file does not say, or a quality rule removed, which alleles there are at any of the sites",
    "`of_one_site` could not be looked for: the file does not say which alleles there are at any of the sites",
    "`by_rsid`, `by_rsid_too` skipped: the file states no rsIDs",
    "`broken` failed: variants.csv:2 [weight] not a number: low",
  ]);
  expect(unreadModules({ facts: manifestOf(MODULES.slice(0, 3)) })).toEqual([]);
  expect(unreadModules({ facts: null })).toEqual([]);
});

test("of a rule that removes nearly all records it is said where the rules are", () => {
  const text = annotationText({
    run: 1,
    state: "done",
    partition: partitionKey("anna", "genome"),
    unchanged: false,
    records: { read: 1200, kept: 0, removed: { min_qual: 1200 } },
    findings: [{ kind: "RULE_REMOVES_MOST", count: 1200, first: "min_qual removes 1,200 of 1,200 records" }],
    build: null,
    file: null,
    modules: [],
    report: null,
    error: null,
    duration_seconds: 1,
    peak_rss_mb: 1,
  });
  expect(text.split("\n").slice(2, -1)).toEqual([
    "Records    0 kept of 1,200",
    "           1,200 removed by min_qual",
    "Finding    RULE_REMOVES_MOST × 1,200, min_qual removes 1,200 of 1,200 records",
    "           Change the rules in their cell (karyon start), and annotate again.",
  ]);
});
