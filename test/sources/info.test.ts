import fc from "fast-check";
import { expect, test } from "vitest";

import { CONTIGS, FIELDS, finding, ingested, vcfOf } from "./vcf-case.ts";

/** One begins another, ends it, or has its first sixteen bytes; two are as long as the reader compares at once. */
const KEYS = ["A", "AB", "BA", "ReadPosRankSum", "ReadPosRankSumX", "ReadPosRankSumXY", "ReadPosRankSumXYZ"];
const FLAG = "AA";
const VALUES = ["1", "A", "AB=2", "=", "", "a_longer_value,_with_A=1_in_it"];

const entries = fc
  .shuffledSubarray([...KEYS, FLAG])
  .chain((keys) =>
    fc.tuple(
      ...keys.map((key) =>
        key === FLAG ? fc.constant(key) : fc.constantFrom(...VALUES).map((value) => `${key}=${value}`),
      ),
    ),
  );

test("entries of INFO are found in whatever order they stand, and whichever are left out", async () => {
  const all = fc.sample(entries, { numRuns: 3000, seed: 1 });
  const meta = [
    ...CONTIGS,
    ...FIELDS,
    ...KEYS.map((key) => `##INFO=<ID=${key},Number=1,Type=String,Description="Any">`),
    `##INFO=<ID=${FLAG},Number=0,Type=Flag,Description="Any">`,
  ];
  const records = all.map((some, at) => {
    const info = some.length === 0 ? "." : some.join(";");
    return `1 ${at + 1} . A G 50 PASS ${info} GT 0/1`;
  });
  const { rows } = await ingested(vcfOf({ meta, records }));
  const expected = all.map((some) => {
    const said = new Map(some.map((entry) => splitOnce(entry)));
    return [...KEYS.map((key) => said.get(key) ?? null), said.has(FLAG)];
  });
  expect(rows.map((row) => [...KEYS.map((key) => row[key]), row[FLAG]])).toEqual(expected);
});

test("a key that stands twice is counted in records that are kept", async () => {
  const records = ["1 5 . A G 50 PASS AF=1;AF=1 GT 0/1", "1 6 . A G 50 odd AF=1;AF=1 GT 0/1"];
  const result = await ingested(vcfOf({ records }), { filters: { pass_filters: ["PASS"] } });
  expect(result.rows).toHaveLength(1);
  expect(finding(result, "INFO_TWICE")).toMatchObject({ count: 1 });
});

test("the depth of INFO removes a record whose sample has none", async () => {
  const records = ["1 5 . A G 50 PASS DP=7 GT 0/1", "1 6 . A G 50 PASS AF=1;DP=30 GT 0/1"];
  const result = await ingested(vcfOf({ records }), { filters: { min_depth: 10 } });
  expect(result.rows.map(({ start }) => start)).toEqual([6]);
});

function splitOnce(entry: string): [key: string, value: string] {
  const equals = entry.indexOf("=");
  return equals < 0 ? [entry, ""] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
