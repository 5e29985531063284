import { describe, expect, test } from "vitest";

import type { TableView as View } from "#protocol/messages.ts";

import { asTsv } from "../../ui/table/copy.ts";
import { destinationView, readDestination } from "../../ui/table/go-to.ts";
import {
  PLAIN,
  clearedColumn,
  filterWords,
  filtered,
  isPlain,
  readNumber,
  searched,
  sortCycled,
  sortOf,
  unfiltered,
} from "../../ui/table/look.ts";
import {
  NOTHING,
  isSelected,
  selectedCount,
  stretched,
  toggled,
  unanchored,
} from "../../ui/table/selection.ts";

describe("sorting", () => {
  test("a column goes from ascending to descending to not at all", () => {
    const up = sortCycled(PLAIN, "weight", false);
    const down = sortCycled(up, "weight", false);
    expect(up.sort).toEqual([{ column: "weight", descending: false }]);
    expect(down.sort).toEqual([{ column: "weight", descending: true }]);
    expect(isPlain(sortCycled(down, "weight", false))).toBe(true);
  });

  test("another column takes the place of the first, or comes after it when it is added", () => {
    const first = sortCycled(PLAIN, "chrom", false);
    expect(sortCycled(first, "start", false).sort).toEqual([{ column: "start", descending: false }]);
    const both = sortCycled(first, "start", true);
    expect(sortOf(both, "start")).toEqual({ descending: false, place: 2 });
    expect(sortOf(sortCycled(both, "chrom", true), "chrom")).toEqual({ descending: true, place: 1 });
    expect(sortOf(both, "gene")).toBeNull();
  });
});

describe("filters", () => {
  const contains = { column: "gene", is: "contains", value: "LP" } as const;
  const there = { column: "gene", is: "not-null" } as const;

  test("a new filter of a column takes the old one's place, and stands beside one for what is missing", () => {
    const view = filtered(filtered(PLAIN, contains), there);
    expect(view.filters).toEqual([contains, there]);
    const changed = filtered(view, { ...contains, value: "AP" });
    expect(changed.filters).toEqual([there, { ...contains, value: "AP" }]);
  });

  test("filters go one by one or by column, and a view without any is the plain table", () => {
    const view = searched(filtered(filtered(PLAIN, contains), there), " x ");
    expect(view.search).toBe("x");
    expect(clearedColumn(view, "gene")).toEqual({ search: "x" });
    expect(unfiltered(view, there).filters).toEqual([contains]);
    expect(searched(clearedColumn(view, "gene"), "")).toEqual(PLAIN);
  });

  test.each([
    [{ column: "w", is: "between", least: -1.5, most: null }, "w ≥ −1.5"],
    [{ column: "w", is: "between", least: null, most: 2 }, "w ≤ 2"],
    [{ column: "w", is: "between", least: 1000, most: 2000 }, "w from 1,000 to 2,000"],
    [{ column: "w", is: "between", least: 5, most: 5 }, "w = 5"],
    [{ column: "g", is: "equal", value: "LPA" }, "g is “LPA”"],
    [{ column: "g", is: "null" }, "g is missing"],
  ] as const)("%j reads %s", (filter, words) => expect(filterWords(filter)).toBe(words));

  test.each([
    ["117,559,590", 117_559_590],
    ["117.5M", 117_500_000],
    ["2k", 2000],
    ["\u22121.3", -1.3],
    ["", null],
    ["twelve", undefined],
    ["1.2.3", undefined],
  ])("%s is the number %s", (text, value) => expect(readNumber(text)).toBe(value));
});

describe("going to a place", () => {
  test.each([
    ["12,041", { kind: "row", row: 12_040 }],
    ["rs113993960", { kind: "rsid", rsid: "rs113993960" }],
    ["chr7:117559590", { kind: "locus", contig: "7", first: 117_559_590, last: 117_559_590 }],
    ["7:117.5M-117.6M", { kind: "locus", contig: "7", first: 117_500_000, last: 117_600_000 }],
    ["X:1-2", { kind: "locus", contig: "X", first: 1, last: 2 }],
    ["chrM:263", { kind: "locus", contig: "MT", first: 263, last: 263 }],
    ["CFTR", { kind: "gene", gene: "CFTR" }],
    ["apoe", { kind: "gene", gene: "APOE" }],
    ["c9orf72", { kind: "gene", gene: "C9orf72" }],
    ["Gene7", { kind: "gene", gene: "Gene7" }],
    ["NC_000001.11:g.12345A>G", { kind: "locus", contig: "1", first: 12_345, last: 12_345 }],
    ["chr1:g.12345A>G", { kind: "locus", contig: "1", first: 12_345, last: 12_345 }],
    ["NC_000024.10 : g.200_210delinsACG", { kind: "locus", contig: "Y", first: 200, last: 210 }],
    ["X:g.5_6insT", { kind: "locus", contig: "X", first: 5, last: 6 }],
    ["NC_012920.1:m.263A>G", { kind: "locus", contig: "MT", first: 263, last: 263 }],
    ["NC_000007.14:117559590", { kind: "locus", contig: "7", first: 117_559_590, last: 117_559_590 }],
    ["7:20-10", null],
    ["0", null],
    ["-3", null],
    ["what is this", null],
  ] as const)("%s is %j", (text, wanted) => expect(readDestination(text)).toEqual(wanted));

  test.each([
    ["NC_000001.10:g.12345A>G", /NC_000001\.10 is not of GRCh38.*NC_000001\.11/],
    ["NM_000059.4(BRCA2):c.68_69del", /c\. counts along a transcript/],
    ["BRCA2:c.68_69del", /c\. counts along a transcript/],
    ["NP_000050.3:p.(Glu23Valfs*17)", /p\. counts along a protein/],
    ["NG_012772.3:g.100A>G", /NG_012772\.3 is no chromosome/],
    ["chr1:g.(100_200)_(300_400)del", /No place can be read/],
    ["chr1:g.20_10del", /No place can be read/],
  ] as const)("%s is told why it cannot be gone to", (text, why) =>
    expect(readDestination(text)).toEqual({ kind: "no-place", why: expect.stringMatching(why) }),
  );

  const view: View = { filters: [{ column: "start", is: "between", least: 5, most: 6 }], search: "x" };

  test("a place filters by the columns the table has, and keeps the rest of the view", () => {
    const place = { kind: "locus", contig: "7", first: 10, last: 20 } as const;
    expect(destinationView(view, place, ["chrom", "start", "rsid"])).toEqual({
      search: "x",
      filters: [
        { column: "chrom", is: "equal", value: "7" },
        { column: "start", is: "between", least: 10, most: 20 },
      ],
    });
  });

  test("where the table says how far its rows reach, those that reach into a place are there", () => {
    const place = { kind: "locus", contig: "7", first: 10, last: 20 } as const;
    const reached = destinationView({}, place, ["chrom", "start", "end", "gene"]);
    expect(reached?.filters).toEqual([
      { column: "chrom", is: "equal", value: "7" },
      { column: "start", is: "between", least: null, most: 20 },
      { column: "end", is: "between", least: 10, most: null },
    ]);
    const gene = destinationView(reached ?? {}, { kind: "gene", gene: "LPA" }, ["start", "end", "gene"]);
    expect(gene?.filters?.map(({ column }) => column)).toContain("gene");
    expect(gene?.filters?.map(({ column }) => column)).not.toContain("end");
  });

  test("what was gone to before does not narrow what is gone to next", () => {
    const columns = ["chrom", "start", "rsid", "gene"];
    const place = destinationView({}, { kind: "locus", contig: "7", first: 10, last: 20 }, columns);
    const named = destinationView(place ?? {}, { kind: "rsid", rsid: "rs429358" }, columns);
    expect(named?.filters).toEqual([{ column: "rsid", is: "equal", value: "rs429358" }]);
    const genes = destinationView(named ?? {}, { kind: "gene", gene: "LPA" }, columns);
    expect(genes?.filters).toEqual([{ column: "gene", is: "equal", value: "LPA" }]);
  });

  test("a table without the columns has no such place", () => {
    expect(destinationView(view, { kind: "gene", gene: "LPA" }, ["chrom", "start"])).toBeNull();
    expect(destinationView(view, { kind: "rsid", rsid: "rs1" }, ["rsid"])).not.toBeNull();
  });
});

describe("chosen rows", () => {
  test("a stretch is drawn from its anchor in both directions", () => {
    const down = stretched(NOTHING, 4, 6);
    expect(down.ranges).toEqual([{ first: 4, last: 6 }]);
    expect(stretched(down, 6, 2).ranges).toEqual([{ first: 2, last: 4 }]);
  });

  test("once the cursor was put elsewhere, a stretch is drawn from there, and until then the rows stay", () => {
    const down = stretched(NOTHING, 4, 6);
    expect(unanchored(down).ranges).toBe(down.ranges);
    expect(stretched(unanchored(down), 9, 11).ranges).toEqual([{ first: 9, last: 11 }]);
  });

  test("single rows join and split stretches", () => {
    const joined = [1, 3, 2].reduce(toggled, NOTHING);
    expect(joined.ranges).toEqual([{ first: 1, last: 3 }]);
    const split = toggled(joined, 2);
    expect(split.ranges).toEqual([
      { first: 1, last: 1 },
      { first: 3, last: 3 },
    ]);
    expect([selectedCount(split), isSelected(split, 2), isSelected(split, 3)]).toEqual([2, false, true]);
  });
});

test("copied rows are exact, one line each, whatever is in a value", () => {
  const rows = [
    ["a\tb\nc", null, ["A", "G"], 1_234_567n],
    ["=cmd()", -1.30001, [], true],
  ];
  const columns = ["gene", "weight", "genotype", "n"].map((name) => ({ name, type: "text" }));
  expect(asTsv(rows, columns, false)).toBe("a b c\t\tA,G\t1234567\n'=cmd()\t-1.30001\t\ttrue");
  expect(asTsv([], columns.slice(0, 2), true)).toBe("gene\tweight");
});
