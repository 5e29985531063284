import { describe, expect, test } from "vitest";

import { CONTIGS, finding, ingested, vcfOf } from "./vcf-case.ts";

const RECORDS = [
  "1 10 . A G 50 PASS . GT:DP 0/1:30",
  "1 20 . A G 50 . . GT:DP 0/1:30",
  "1 30 . A G 50 RefCall . GT:DP ./.:30",
  "1 40 . A G 50 q10;s50 . GT:DP 0/1:30",
  "1 50 . A G 50 PASS . GT:DP 0/1:9",
  "1 60 . A G 19.9 PASS . GT:DP 0/1:30",
  "1 70 . A G . PASS . GT:DP 0/1:30",
  "1 80 . A G 50 PASS . GT:DP 0/1:.",
  "1 90 . A GTT 0 RefCall . GT:DP 0/0:3",
];

describe("quality rules", () => {
  test("without rules everything is kept", async () => {
    const { summary, removed } = await ingested(vcfOf({ records: RECORDS }));
    expect(summary.records).toEqual({ read: 9, kept: 9, removed: {}, removed_total: 0 });
    expect(removed).toEqual([]);
  });

  test("FILTER is compared whole, and a missing one is the dot of the list", async () => {
    const { summary, rows } = await ingested(vcfOf({ records: RECORDS }), {
      filters: { pass_filters: ["PASS", "."] },
    });
    expect(summary.records).toMatchObject({ kept: 6, removed: { pass_filters: 3 } });
    expect(rows.map(({ filter }) => filter)).toContain("");
  });

  test("a list with the empty text lets a missing FILTER pass, one without it does not", async () => {
    const empty = await ingested(vcfOf({ records: RECORDS }), { filters: { pass_filters: ["PASS", ""] } });
    const pass = await ingested(vcfOf({ records: RECORDS }), { filters: { pass_filters: ["PASS"] } });
    expect([empty.summary.records.kept, pass.summary.records.kept]).toEqual([6, 5]);
  });

  test("a missing depth states nothing and passes", async () => {
    const { summary } = await ingested(vcfOf({ records: RECORDS }), { filters: { min_depth: 10 } });
    expect(summary.records).toMatchObject({ kept: 7, removed: { min_depth: 2 } });
  });

  test.each(["Integer", "Float"])(
    "a depth with a fraction is one, where the header says %s",
    async (type) => {
      const meta = [
        ...CONTIGS,
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
        `##FORMAT=<ID=DP,Number=1,Type=${type},Description="Depth">`,
      ];
      const records = ["12.0", "9.0", "9.9", "1.0e1", "9x"].map(
        (depth) => `1 10 . A G 50 PASS . GT:DP 0/1:${depth}`,
      );
      const { summary, rows } = await ingested(vcfOf({ meta, records }), { filters: { min_depth: 10 } });
      expect(summary.records).toMatchObject({ kept: 3, removed: { min_depth: 2 } });
      expect(rows.map((row) => row["DP"])).toEqual([12, 10, null]);
    },
  );

  test("a missing QUAL passes, a QUAL of 0 does not", async () => {
    const { summary, rows } = await ingested(vcfOf({ records: RECORDS }), { filters: { min_qual: 20 } });
    expect(summary.records).toMatchObject({ kept: 7, removed: { min_qual: 2 } });
    expect(rows.find(({ start }) => start === 70)?.qual).toBeNull();
  });

  test("a record that fails two rules counts in both, and once in all; its site is kept aside with both names", async () => {
    const { summary, removed } = await ingested(vcfOf({ records: RECORDS }), {
      filters: { pass_filters: ["PASS", "."], min_depth: 10, min_qual: 20 },
    });
    expect(summary.records).toEqual({
      read: 9,
      kept: 4,
      removed: { pass_filters: 3, min_depth: 2, min_qual: 2 },
      removed_total: 5,
    });
    expect(removed).toEqual([
      { chrom: "1", start: 30, end: 30, presence: "no_call", removed_by: "pass_filters" },
      { chrom: "1", start: 40, end: 40, presence: "called_variant", removed_by: "pass_filters" },
      { chrom: "1", start: 50, end: 50, presence: "called_variant", removed_by: "min_depth" },
      { chrom: "1", start: 60, end: 60, presence: "called_variant", removed_by: "min_qual" },
      {
        chrom: "1",
        start: 90,
        end: 90,
        presence: "called_hom_ref",
        removed_by: "pass_filters,min_depth,min_qual",
      },
    ]);
  });

  test("thresholds of 0 and an empty list are off", async () => {
    const { summary } = await ingested(vcfOf({ records: RECORDS }), {
      filters: { pass_filters: [], min_depth: 0, min_qual: 0 },
    });
    expect(summary.records).toMatchObject({ kept: 9, removed: {} });
  });

  test("a sample filter other than PASS removes the record", async () => {
    const { summary, removed } = await ingested(
      vcfOf({
        records: [
          "1 5 . A G 50 PASS . GT:FT 0/1:LowGQ",
          "1 6 . A G 50 PASS . GT:FT 0/1:PASS",
          "1 7 . A G 50 PASS . GT:FT 0/1:.",
        ],
      }),
    );
    expect(summary.records).toMatchObject({ kept: 2, removed: { sample_filter: 1 }, removed_total: 1 });
    expect(removed).toMatchObject([{ start: 5, removed_by: "sample_filter" }]);
  });
});

test("the depth is the sample's, then the least of a block, then that of INFO", async () => {
  const { rows } = await ingested(
    vcfOf({
      records: [
        "1 10 . A G 50 PASS DP=99 GT:DP:MIN_DP 0/1:5:99",
        "1 20 . A G 50 PASS DP=99 GT:MIN_DP 0/1:5",
        "1 30 . A G 50 PASS DP=5 GT 0/1",
        "1 40 . A G 50 PASS DP=5 GT:DP 0/1:10",
      ],
    }),
    { filters: { min_depth: 10 } },
  );
  expect(rows.map(({ start }) => start)).toEqual([40]);
});

test("a file without any depth loses nothing to min_depth, and says so", async () => {
  const result = await ingested(vcfOf({ records: ["1 10 . A G 50 PASS . GT 0/1"] }), {
    filters: { min_depth: 10 },
  });
  expect(result.summary.records.kept).toBe(1);
  expect(finding(result, "NO_DEPTH")).toMatchObject({ count: 1 });
});

test("a file whose QUAL is missing throughout keeps its records, and says so", async () => {
  const result = await ingested(vcfOf({ records: ["1 10 . A G . PASS . GT 0/1"] }), {
    filters: { min_qual: 20 },
  });
  expect(result.summary.records.kept).toBe(1);
  expect(finding(result, "NO_QUAL")).toMatchObject({ count: 1 });
});

test("a rule that removes nearly everything is named, with QUAL 0 as the reason", async () => {
  const records = Array.from({ length: 2000 }, (_, index) => `1 ${10 + index} . A G 0 PASS . GT 0/1`);
  const result = await ingested(vcfOf({ records }), { filters: { min_qual: 20 } });
  expect(result.summary.records).toMatchObject({ kept: 0, removed: { min_qual: 2000 } });
  expect(finding(result, "RULE_REMOVES_MOST")).toEqual({
    count: 2000,
    first: "min_qual removes 2,000 of 2,000 records: QUAL is 0 throughout",
  });
});

test("QUAL of inf passes; QUAL of nan, or that is no number, is missing and counted", async () => {
  const qualities = ["inf", "nan", ".", "high", "12,5", "1e2"];
  const records = qualities.map((qual, at) => `1 ${10 + at} . A G ${qual} PASS . GT 0/1`);
  const result = await ingested(vcfOf({ records }), { filters: { min_qual: 20 } });
  expect(result.rows.map(({ qual }) => qual)).toEqual([Infinity, null, null, null, null, 100]);
  expect(finding(result, "QUAL_NAN")).toEqual({ count: 3, first: "line 17: QUAL is nan" });
});

test("calls of the reference without depth and quality are told where the record has a place for them", async () => {
  const at = (pos: number, format: string, call: string): string =>
    `1 ${pos} . A G 50 PASS DP=99 ${format} ${call}`;
  const records = [
    at(10, "GT:DP:GQ", "0/0:30:."),
    at(20, "GT:DP:GQ", "0/0:.:."),
    at(30, "GT:DP:GQ", "0/1:.:."),
    at(40, "GT:GQ", "0/0:20"),
    at(50, "GT", "0/0"),
    at(60, "GT:GQ", "0|0:."),
  ];
  const result = await ingested(vcfOf({ records }));
  expect(finding(result, "BARE_REFERENCE")).toEqual({
    count: 2,
    first: expect.stringMatching(/^line \d+: GT is 0\/0, DP and GQ are missing$/),
  });
  expect(result.rows.map(({ presence }) => presence)).not.toContain("no_call");
});
