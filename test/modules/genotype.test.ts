import { describe, expect, test } from "vitest";

import { complement, parseGenotype } from "../../kernel/modules/genotype.ts";

describe("an authored genotype", () => {
  test.each([
    ["A/G", ["A", "G"], false],
    ["a/g", ["A", "G"], false],
    ["T", ["T"], false],
    ["G|A", ["G", "A"], true],
    ["A/ACAG", ["A", "ACAG"], false],
    ["*/A", ["*", "A"], false],
    ["<DEL>/A", ["<DEL>", "A"], false],
  ])("%s is read as %j", (written, alleles, phased) => {
    expect(parseGenotype(written)).toMatchObject({ alleles, phased });
  });

  test.each([
    ["G/A", "alleles are not sorted: G/A; write A/G"],
    ["0/1", "allele numbers are not alleles: 0/1; write the bases, such as A/G"],
    ["./.", "allele numbers are not alleles: ./.; write the bases, such as A/G"],
    ["A/", "not an allele: (empty)"],
    ["-/C", "not an allele: -"],
    ["A/С", "not an allele: С (a Cyrillic letter that looks like a Latin one)"],
    ["A/C/G", "more than two alleles: A/C/G"],
    ["A/R", "not an allele: R"],
  ])("%s is refused", (written, message) => {
    expect(parseGenotype(written)).toBe(message);
  });
});

test.each([
  ["A", "T"],
  ["CTG", "CAG"],
  ["<DEL>", "<DEL>"],
])("the other strand of %s reads %s", (allele, other) => {
  expect(complement(allele)).toBe(other);
});
