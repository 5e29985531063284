import { expect, test } from "vitest";

import type { IngestSummary } from "#protocol/annotation.ts";

import { decisiveFindings } from "../../ui/words/file-findings.ts";

const told = (findings: IngestSummary["findings"], rest: object = {}): string[] =>
  decisiveFindings({ findings, ...rest } as IngestSummary, "female").map(({ sentence }) => sentence);

test("what bears on all that is said of a person is told with the table, in words and with where it was seen", () => {
  const findings = [
    { kind: "CRLF", count: 1, first: "lines end in CRLF" },
    { kind: "RULE_REMOVES_MOST", count: 65_370, first: "min_qual removes 65,370 of 65,370 records" },
    { kind: "FILES_DISAGREE", count: 1200, first: null },
    { kind: "NO_GENOTYPES", count: 1, first: null },
  ];
  expect(told(findings)).toEqual([
    "one rule removes nearly all records: it may not suit this file · min_qual removes 65,370 of 65,370 records",
    "records that two files have with different genotypes: both are shown · 1,200 times",
    "the file states no genotypes: no module can be read",
  ]);
});

test("so is what does not fit what its person says of the sample", () => {
  expect(told([], { y_calls: 3 })).toEqual([
    "calls on Y of a sample that is said to be female: none is left out, but the file may be another person's · 3 times",
  ]);
});
