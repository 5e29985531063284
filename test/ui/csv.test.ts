import { expect, test } from "vitest";

import { csvHeader, csvLines } from "../../ui/table/csv.ts";

const line = (value: unknown, type = "text"): string => csvLines([[value]], [{ type }]);

test.each<[value: unknown, written: string]>([
  [null, ""],
  ["", '""'],
  ["A", "A"],
  ["a,b", '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ["two\nlines", '"two\nlines"'],
  ["=1+1", "'=1+1"],
  ["@cmd", "'@cmd"],
  ["-rs1", "'-rs1"],
  ["+1", "'+1"],
  ["\tx", "'\tx"],
  // A number is no formula, whatever its sign.
  [-1.5, "-1.5"],
  [true, "true"],
  [["A", "G"], "A/G"],
  [["=A", "G"], "'=A/G"],
])("%j is written %j", (value, written) => {
  expect(line(value)).toBe(`${written}\r\n`);
});

test("a whole number of 64 bits is written in full", () => {
  expect(line(9007199254740993n)).toBe("9007199254740993\r\n");
});

test.each([
  ["date", "1970-01-01"],
  ["time", "1970-01-01T00:00:00.000Z"],
])("a %s is written as one", (type, written) => {
  expect(line(0, type)).toBe(`${written}\r\n`);
});

test("a name of a column is no formula either", () => {
  expect(csvHeader([{ name: "=x" }, { name: "a,b" }])).toBe('\'=x,"a,b"\r\n');
});
