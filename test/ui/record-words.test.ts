import { expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";

import { recordLines } from "../../ui/cells/record-words.ts";
import { record } from "./views.ts";

test("a record says which columns decide what rows there are, where that is known", () => {
  const valuesOf = (from: readonly string[] | null): readonly string[] | undefined => {
    const asset = "calls" as AssetKey;
    const rowsFrom = from?.map((column) => ({ asset, column }));
    const made = record("a", rowsFrom === undefined ? {} : { rowsFrom });
    return recordLines(made).find(({ term }) => term === "rows by")?.values;
  };
  expect(valuesOf(["presence", "chrom"])).toEqual(["calls.presence", "calls.chrom"]);
  expect(valuesOf([])).toBeUndefined();
  expect(valuesOf(null)).toBeUndefined();
});

test("a record of a matrix says what each sample has that the others have not", () => {
  const facts = {
    shared: 1_200,
    samples: [
      { sample: "anna/child", records: 2_000, repeated: 2, only: 30 },
      { sample: "anna/mother", records: 1, repeated: 0, only: 1 },
    ],
  };
  const valuesOf = (of: unknown): readonly string[] | undefined =>
    recordLines(record("a", { facts: of })).find(({ term }) => term === "genotypes")?.values;
  expect(valuesOf(facts)).toEqual([
    "1,200 rows with a record of each",
    "anna/child: 2,000 records, 2 behind another in one row, 30 rows where the others have nothing",
    "anna/mother: 1 record, 1 row where the others have nothing",
  ]);
  expect(valuesOf({ shared: 1 })).toBeUndefined();
  expect(valuesOf(null)).toBeUndefined();
});
