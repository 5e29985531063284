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
