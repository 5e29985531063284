import { expect, test } from "vitest";

import { rowsOfPart } from "../../kernel/sources/vcf/reader-part.ts";
import { CONTIGS, FIELDS, ingested, vcfOf } from "./vcf-case.ts";

/** Records with an INFO text of that many bytes each. */
function recordsOf(count: number, bytes: number): string[] {
  const text = "x".repeat(bytes);
  return Array.from({ length: count }, (_, at) => `1 ${at + 1} . A G 50 PASS NOTE=${at}${text} GT 0/1`);
}

const FIELD_IDS = Array.from({ length: 700 }, (_, field) => `F${field}`);
const WIDE = [
  ...CONTIGS,
  ...FIELDS,
  ...FIELD_IDS.map((id) => `##INFO=<ID=${id},Number=1,Type=String,Description="x">`),
];
const WIDE_RECORDS = Array.from(
  { length: 5000 },
  (_, at) => `1 ${at + 1} . A G 50 PASS F${at % 700}=${at} GT 0/1`,
);
const NOTE = '##INFO=<ID=NOTE,Number=1,Type=String,Description="x">';

test("records that hold megabytes are written in parts, whatever their number, and are whole", async () => {
  const meta = [...CONTIGS, ...FIELDS, NOTE];
  const { rows, rowGroups } = await ingested(vcfOf({ meta, records: recordsOf(80, 1_000_000) }));
  expect(rows.map(({ NOTE: note }) => String(note).length)).toEqual(
    Array.from({ length: 80 }, (_, at) => 1_000_000 + String(at).length),
  );
  expect(rowGroups.length).toBeGreaterThan(1);
});

test("records of long alleles are written in parts too", async () => {
  const bases = "ACGT".repeat(250_000);
  const records = Array.from(
    { length: 80 },
    (_, at) => `1 ${at + 1} . ${"A".repeat(at + 1)}${bases} A 50 PASS . GT 0/1`,
  );
  const { rows, rowGroups } = await ingested(vcfOf({ records }));
  expect(rows.map(({ ref }) => ref.length)).toEqual(records.map((_, at) => 1_000_001 + at));
  expect(rowGroups.length).toBeGreaterThan(1);
});

test("a file of hundreds of fields is written in parts of fewer rows", async () => {
  const { rows, rowGroups } = await ingested(vcfOf({ meta: WIDE, records: WIDE_RECORDS }));
  expect(rows.map((row, at) => row[`F${at % 700}`])).toEqual(WIDE_RECORDS.map((_, at) => String(at)));
  expect(rowGroups.length).toBeGreaterThan(1);
  expect(Math.max(...rowGroups)).toBeLessThan(WIDE_RECORDS.length);
});

test("a file of hundreds of fields that is out of order is put in order", async () => {
  const { rows } = await ingested(vcfOf({ meta: WIDE, records: WIDE_RECORDS.toReversed() }));
  expect(rows.map((row, at) => row[`F${at % 700}`])).toEqual(WIDE_RECORDS.map((_, at) => String(at)));
});

test("a part is no larger than the file can fill, and of a large file it is a row group", () => {
  const layout = { info: [], format: [], genotypes: true, undeclared: [] };
  expect([20_000, 400_000, 1e9].map((bytes) => rowsOfPart(layout, bytes))).toEqual([4096, 51_200, 122_880]);
});
