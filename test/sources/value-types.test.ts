import { expect, test } from "vitest";

import { CONTIGS, FIELDS, finding, ingested, vcfOf } from "./vcf-case.ts";

const META = [
  ...CONTIGS,
  ...FIELDS,
  '##INFO=<ID=MQ,Number=1,Type=Float,Description="Mapping quality">',
  '##INFO=<ID=NOTE,Number=1,Type=String,Description="Any">',
];

function read(...records: readonly string[]): ReturnType<typeof ingested> {
  return ingested(vcfOf({ meta: META, records }));
}

test.each([
  ["DP=many", "9:3,4", "DP", "integer"],
  ["DP=12.7", "9:3,4", "DP", "integer"],
  ["DP=99999999999", "9:3,4", "DP", "integer"],
  ["MQ=high", "9:3,4", "MQ", "number"],
  ["MQ=1.2.3", "9:3,4", "MQ", "number"],
  ["AF=half", "9:3,4", "AF", "number"],
  ["DP=9", "x:3,4", "GQ", "integer"],
  ["DP=9", "9:3,x", "AD", "integer"],
])("a value of another type, as in %s %s, is null and told", async (info, sample, field, what) => {
  const result = await read(
    "1 50 . A G 50 PASS DP=1 GT:GQ:AD 0/1:9:3,4",
    `1 100 . A G 50 PASS ${info} GT:GQ:AD 0/1:${sample}`,
    `1 200 . A G 50 PASS ${info} GT:GQ:AD 0/1:${sample}`,
  );
  expect(finding(result, "WRONG_TYPE")).toEqual({
    count: 2,
    first: `line ${META.length + 4}: ${field} (Type=${what === "number" ? "Float" : "Integer"}) has a value that is no ${what}`,
  });
  const value = result.rows[1]?.[field === "DP" ? "INFO_DP" : field];
  expect(Array.isArray(value) ? value.at(-1) : value).toBeNull();
  expect(result.rows.map(({ genotype }) => genotype)).toEqual(Array.from({ length: 3 }, () => ["A", "G"]));
});

test("what is missing, not a number, infinite or a text is of the type that it should be", async () => {
  const { summary, rows } = await read(
    "1 100 . A G 50 PASS DP=.;MQ=nan;AF=inf;NOTE=many GT:GQ:AD 0/1:.:.,4",
    "1 101 . A G 50 PASS DP=12.0;MQ=-NaN;AF=.;NOTE=. GT:GQ:AD 0/1:1e1:.",
    "1 102 . A G 50 PASS DP=;MQ=1e-3;AF=1 GT:GQ 0/1",
  );
  expect(summary.findings).toEqual([]);
  expect(rows.map((row) => [row["INFO_DP"], row["GQ"]])).toEqual([
    [null, null],
    [12, 10],
    [null, null],
  ]);
});

test("a record of which one field has another number of values and one another type is counted as both", async () => {
  const result = await read("1 100 . A G 50 PASS DP=many;AF=0.1,0.2 GT:GQ:AD 0/1:9:3,4");
  expect(finding(result, "WRONG_TYPE")).toMatchObject({ count: 1 });
  expect(finding(result, "WRONG_NUMBER")).toMatchObject({ count: 1 });
});
