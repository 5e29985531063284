import { describe, expect, test } from "vitest";

import { CONTIGS, FIELDS, finding, ingested, vcfOf } from "./vcf-case.ts";

describe("of a field with a value for each allele", () => {
  const meta = [
    ...CONTIGS,
    ...FIELDS,
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
    '##INFO=<ID=RU,Number=R,Type=String,Description="Units">',
    '##INFO=<ID=FLAG,Number=A,Type=Flag,Description="A flag has no values">',
  ];
  const read = (info: string, sample: string, alt = "G"): ReturnType<typeof ingested> =>
    ingested(vcfOf({ meta, records: [`1 100 . A ${alt} 50 PASS ${info} GT:AD:PL ${sample}`] }));

  test.each([
    ["AF=0.5;RU=a,b", "0/1:3,4:1,2,3", "G"],
    ["AF=0.5,0.25", "1/2:1,2,3:1,2,3,4,5,6", "G,T"],
    ["AF=.;FLAG", "0/1:.:.", "G,T"],
    ["AF=0", "0/0:9:0", "."],
    ["AF=0.5,0", "1:0,9,0:1,2,3", "G,<*>"],
    ["AF=.,.", "1/2:.,.,.:1,2,.,4,5,6", "G,T"],
  ])("%s %s beside %s has the right number", async (info, sample, alt) => {
    const result = await read(info, sample, alt);
    expect(result.summary.findings).toEqual([]);
    expect(result.rows[0]?.["AF"]).toEqual(info === "AF=.;FLAG" ? null : expect.any(Array));
  });

  test.each([
    ["AF", "AF=0.5", "1/2:1,2,3:1,2,3,4,5,6", "G,T"],
    ["AF", "AF=0.5,0.1", "0/1:3,4:1,2,3", "G"],
    ["AD", "AF=0.5,0.1", "1/2:1,2:1,2,3,4,5,6", "G,T"],
    ["AD", "AF=1", "0/1:7:1,2,3", "G"],
    ["PL", "AF=1", "0/1:3,4:1,2,3,4", "G"],
    ["RU", "AF=1;RU=a,b,c", "0/1:3,4:1,2,3", "G"],
  ])("another number of %s, as in %s %s beside %s, is null and told", async (field, info, sample, alt) => {
    const result = await read(info, sample, alt);
    expect(result.rows[0]?.[field]).toBeNull();
    expect(result.rows[0]?.genotype).toHaveLength(2);
    expect(finding(result, "WRONG_NUMBER")).toEqual({
      count: 1,
      first: expect.stringMatching(
        new RegExp(`^line 19: ${field} \\(Number=[ARG]\\) has another number of values`),
      ),
    });
  });

  test("the first of several is told with its own line and alleles, wherever it lies among others", async () => {
    const records = Array.from({ length: 500 }, (_, at) => {
      const isWrong = at === 300 || at === 310;
      return `1 ${at + 1} . A ${at === 300 ? "G,T" : "G"} 50 PASS AF=${isWrong ? "0.1,0.2,0.3" : "1"} GT:AD:PL 0/1:3,4:1,2,3`;
    });
    records[300] = records[300]?.replace("0/1:3,4:1,2,3", "0/1:3,4,5:1,2,3,4,5,6") ?? "";
    const result = await ingested(vcfOf({ meta, records }));
    expect(finding(result, "WRONG_NUMBER")).toEqual({
      count: 2,
      first: "line 319: AF (Number=A) has another number of values beside 2 alternates",
    });
    expect(result.rows.flatMap((row, at) => (row["AF"] === null ? [at] : []))).toEqual([300, 310]);
  });
});
