import { Field, Float64, Int32, List, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";
import type { ColumnFacts } from "#protocol/record.ts";

import { cellText } from "../../ui/table/cell-text.ts";
import type { Column } from "../../ui/table/columns.ts";
import { asWideAs, columnsOf, originWords, typeLine } from "../../ui/table/columns.ts";
import {
  MAX_SCROLL_PX,
  ROW_PX,
  maxTop,
  moved,
  pagesOf,
  scrollHeight,
  scrollOfTop,
  topOfScroll,
  topThatShows,
  visibleColumns,
  visibleRows,
  wholeRows,
} from "../../ui/table/window.ts";

const HUGE = { rows: 100_000_000, viewport: 10 * ROW_PX };
const SMALL = { rows: 100, viewport: 10 * ROW_PX };

describe("the window of a table", () => {
  test("a small table scrolls pixel for pixel", () => {
    expect(scrollHeight(SMALL.rows)).toBe(100 * ROW_PX);
    expect(topOfScroll(SMALL, 140)).toBe(140);
    expect(scrollOfTop(SMALL, 140)).toBe(140);
  });

  test("the scrollbar of a huge table stays within what browsers allow, and reaches both ends", () => {
    expect(scrollHeight(HUGE.rows)).toBe(MAX_SCROLL_PX);
    expect(visibleRows(HUGE, topOfScroll(HUGE, 0)).first).toBe(0);
    expect(visibleRows(HUGE, topOfScroll(HUGE, MAX_SCROLL_PX - HUGE.viewport)).last).toBe(HUGE.rows - 1);
  });

  test("scrollbar and position are inverse of one another", () => {
    for (const part of [0, 0.1, 0.5, 0.999, 1]) {
      const top = part * maxTop(HUGE);
      expect(topOfScroll(HUGE, scrollOfTop(HUGE, top))).toBeCloseTo(top, 0);
    }
  });

  test("a row of which a pixel is seen is visible, one that is cut is not whole", () => {
    expect(visibleRows(SMALL, 1)).toEqual({ first: 0, last: 10 });
    expect(wholeRows(SMALL, 1)).toEqual({ first: 1, last: 9 });
    expect(visibleRows(SMALL, 0)).toEqual({ first: 0, last: 9 });
    expect(visibleRows({ rows: 0, viewport: 280 }, 0)).toEqual({ first: 0, last: -1 });
  });

  test("a row is shown by the least move", () => {
    expect(topThatShows(SMALL, 0, 5)).toBe(0);
    expect(topThatShows(SMALL, 0, 10)).toBe(ROW_PX);
    expect(topThatShows(SMALL, 500, 3)).toBe(3 * ROW_PX);
    expect(topThatShows(SMALL, 0, 99)).toBe(maxTop(SMALL));
  });

  test("rows that straddle a page need both pages", () => {
    expect(pagesOf({ first: 995, last: 1004 })).toEqual([0, 1]);
    expect(pagesOf({ first: 0, last: -1 })).toEqual([]);
  });

  test("only columns in view are drawn, from where the first of them starts", () => {
    expect(visibleColumns([100, 100, 100, 100], 150, 100)).toEqual({ first: 1, last: 2, left: 100 });
    expect(visibleColumns([100, 100], 0, 1000)).toEqual({ first: 0, last: 1, left: 0 });
    expect(visibleColumns([], 0, 1000)).toEqual({ first: 0, last: -1, left: 0 });
  });

  test.each([
    ["ArrowDown", false, { row: 6, column: 2 }],
    ["ArrowUp", true, { row: 0, column: 2 }],
    ["ArrowDown", true, { row: 99, column: 2 }],
    ["PageDown", false, { row: 14, column: 2 }],
    ["PageUp", false, { row: 0, column: 2 }],
    ["Home", false, { row: 5, column: 0 }],
    ["End", true, { row: 99, column: 3 }],
    ["x", false, null],
  ] as const)("%s (to the end: %s) leads to the cell it names", (key, ends, wanted) => {
    expect(moved({ row: 5, column: 2 }, key, ends, SMALL, 4)).toEqual(wanted);
  });
});

describe("the text of a cell", () => {
  const genotypes = vectorFromArray(
    [["A", "G"], ["<DEL>", "*"], []],
    new List(new Field("item", new Utf8(), true)),
  );
  test.each([
    [null, "text", "–"],
    [4_257_537n, "integer", "4,257,537"],
    [-1.3, "weight", "−1.30"],
    [0.25, "decimal", "0.25"],
    [genotypes.get(0), "text", "A/G"],
    [genotypes.get(1), "text", "<DEL>/*"],
    [genotypes.get(2), "text", ""],
    [["PMID 1", "PMID 2"], "text", "PMID 1, PMID 2"],
    ["<img src=x>", "text", "<img src=x>"],
    ["p.Ala1%3D", "text", "p.Ala1%3D"],
    ["p.Ala1%3D 50%25 %253B %20%3b", "encoded", "p.Ala1= 50% %3B %20%3b"],
    [["a%2Cb", "c"], "encoded", "a,b, c"],
    ["a\u202Eb", "text", "a\uFFFDb"],
    [new Date(0), "date", "1970-01-01T00:00:00.000Z"],
    [86_400_000, "date", "1970-01-02"],
    [{ gene: "LPA", n: 1n }, "text", '{"gene":"LPA","n":"1"}'],
  ] as const)("%s of a column of %s is %s", (value, kind, text) => expect(cellText(value, kind)).toBe(text));

  test("a long value is cut, and says so", () => {
    expect(cellText("A".repeat(5000), "text")).toHaveLength(301);
  });
});

const facts = (name: string, min: string, max: string): ColumnFacts => ({
  name,
  type: "DOUBLE",
  nulls: 0,
  min,
  max,
  approxDistinct: null,
});

describe("columns", () => {
  test("a weight has bars on the scale of the whole column, other numbers have none", () => {
    const fields = [new Field("weight", new Float64()), new Field("start", new Int32())];
    const [weight, start] = columnsOf(fields, [facts("weight", "-1.3", "0.9")], []);
    expect(weight).toMatchObject({ kind: "weight", scale: 1.3 });
    expect(start).toMatchObject({ kind: "integer", scale: null, numeric: true });
  });

  test("text that is percent-encoded is shown decoded where its record says so", () => {
    const fields = [new Field("CSQ", new Utf8()), new Field("note", new Utf8())];
    const encoded: ColumnFacts = { ...facts("CSQ", "", ""), encoded: true };
    expect(columnsOf(fields, [encoded, facts("note", "", "")], []).map(({ kind }) => kind)).toEqual([
      "encoded",
      "text",
    ]);
  });

  test("a column of numbers has room for its largest, not only for the rows at hand", () => {
    const fields = [new Field("start", new Int32())];
    const [narrow] = columnsOf(fields, [], [{ longest: "99", largest: 99 }]);
    const [wide] = columnsOf(fields, [facts("start", "1", "248936581")], [{ longest: "99", largest: 99 }]);
    expect(wide?.width).toBeGreaterThan(narrow?.width ?? 0);
  });

  test("a column has room for its name, and for what is known of its values", () => {
    const fields = [new Field("qual", new Float64()), new Field("a_name_of_many_letters", new Int32())];
    const [bare, long] = columnsOf(fields, [], []);
    const missing = { ...facts("qual", "20", "60"), nulls: 1_183_634 };
    const [known] = columnsOf(fields, [missing], []);
    expect(known === undefined ? "" : typeLine(known)).toBe("number · 1.18M missing");
    expect(known?.width).toBeGreaterThan((bare?.width ?? 0) + 30);
    expect(long?.width).toBeGreaterThan(bare?.width ?? 0);
  });

  test("under a view columns stay as wide as they are, but for a number that would be cut", () => {
    const fields = [new Field("gene", new Utf8()), new Field("start", new Int32())];
    const widths = (gene: string, start: string): Column[] =>
      columnsOf(
        fields,
        [],
        [
          { longest: gene, largest: 0 },
          { longest: start, largest: 0 },
        ],
      );
    const standing = widths("CDKN2B-AS1", "1,000");
    const [gene, start] = asWideAs(standing, widths("LPA", "123,456,789"));
    expect(gene?.width).toBe(standing[0]?.width);
    expect(start?.width).toBeGreaterThan(standing[1]?.width ?? 0);
    expect(asWideAs(standing, widths("LPA", "1"))[1]?.width).toBe(standing[1]?.width);
  });
});

test("what a column is made of is said in words", () => {
  const of = (...columns: string[]): { asset: AssetKey; column: string }[] =>
    columns.map((column) => ({ asset: "hits" as AssetKey, column }));
  expect(originWords({ how: "copied", of: of("weight") })).toBe("Copied from hits.weight.");
  expect(originWords({ how: "aggregated", of: [] })).toBe("Counts rows.");
  expect(originWords({ how: "computed", of: [] })).toBe("Made from no other column.");
  expect(originWords({ how: "computed", of: of("a", "b", "c", "d", "e", "f", "g", "h") })).toMatch(
    /hits\.f, 2 other columns\.$/,
  );
});
