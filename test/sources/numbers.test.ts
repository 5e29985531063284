import fc from "fast-check";
import { expect, test } from "vitest";

import { decimal } from "../../kernel/sources/vcf/decimal.ts";
import { CONTIGS, FIELDS, ingested, vcfOf } from "./vcf-case.ts";

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
/** Next to the digits in the table of characters, and others that numbers have. */
const others = ["/", ":", ".", "-", "+", "e", "x", "é"];

const spellings = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...digits), minLength: 1, maxLength: 12 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(20_000), fc.nat(999_999))
      .map(([whole, part]) => `${whole}.${String(part).slice(0, 4)}`),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom(...digits, ...others), minLength: 1, maxLength: 18 }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "0",
      "00",
      "007",
      "12.0",
      "12.50",
      ".",
      "..",
      ".5",
      "5.",
      "-",
      "-7",
      "1.5e3",
      "-0.25",
    ),
  },
);

const texts = [
  ...fc.sample(spellings, { numRuns: 6000, seed: 1 }),
  "99999999",
  "100000000",
  "2147483647",
  "2147483648",
  "-2147483647",
  "0.000001",
  "1234567.",
  ".1234567",
];

/** The rule of an integer, said otherwise than the reader says it: 12.0 is one, too. */
function integer(text: string): number | null {
  const value = number(text);
  return value !== null && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
}

function number(text: string): number | null {
  const value = decimal(text);
  return Number.isNaN(value) ? null : value + 0;
}

test("numbers are read as they are spelled, whatever their length", async () => {
  const records = texts.map((text, at) => `1 ${at + 1} . A G ${text} PASS N=${text} GT 0/1`);
  const meta = [...CONTIGS, ...FIELDS, '##INFO=<ID=N,Number=1,Type=Integer,Description="Any">'];
  const { rows } = await ingested(vcfOf({ meta, records }));
  expect(rows.map(({ N, qual }) => [N, qual])).toEqual(texts.map((text) => [integer(text), number(text)]));
});
