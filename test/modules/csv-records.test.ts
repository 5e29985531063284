import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";

import { csvRecords } from "../../kernel/modules/csv-records.ts";
import type { CsvRecord } from "../../kernel/modules/csv-records.ts";

/** What a parser that looks at each character finds; null where it finds an error. */
function parsed(text: string): CsvRecord[] | null {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true } as const;
    const records = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return records.map(({ record, info }) => ({
      line: info.lines - record.join("").split("\n").length + 1,
      cells: record,
    }));
  } catch {
    return null;
  }
}

test.each([
  ["", []],
  [
    "a,b\n1,2\n",
    [
      [1, "a", "b"],
      [2, "1", "2"],
    ],
  ],
  [
    "a,b\n1,2",
    [
      [1, "a", "b"],
      [2, "1", "2"],
    ],
  ],
  ["\uFEFFa\n", [[1, "a"]]],
  [
    "a,\n\n,b\n",
    [
      [1, "a", ""],
      [3, "", "b"],
    ],
  ],
  [
    '""\nb',
    [
      [1, ""],
      [2, "b"],
    ],
  ],
  [
    '"a,""b""\nc",d\ne\n',
    [
      [1, 'a,"b"\nc', "d"],
      [3, "e"],
    ],
  ],
  ["a,", [[1, "a", ""]]],
])("%j has its records, and the lines that they begin on", (text, records) => {
  expect(csvRecords(text)?.map(({ line, cells }) => [line, ...cells])).toEqual(records);
});

test.each(['a"b\n', '"a"b\n', '"a\n', "a\r\nb\r\n"])("%j is left to the parser", (text) => {
  expect(csvRecords(text)).toBeNull();
});

test("what is read is what the parser reads, and what it refuses is not read", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", " ", ",", '"', "\n", "\uFEFF"), maxLength: 24 });
  fc.assert(
    fc.property(text, (some) => {
      const found = csvRecords(some);
      if (found !== null) expect(found).toEqual(parsed(some));
      else expect(parsed(some)).toBeNull();
    }),
    { numRuns: 5000 },
  );
});
