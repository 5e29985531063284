import { expect, test } from "vitest";

import type { ErrorInfo } from "#protocol/error.ts";

import type { Ground } from "../../ui/keys/neighbours.ts";
import { neighbour, neighbours } from "../../ui/keys/neighbours.ts";
import type { CellState } from "../../ui/state/cell-state.ts";
import { asset, cell, key } from "./views.ts";

const FAILURE: ErrorInfo = { code: "engine", message: "no luck" };
const page = { asset: null, inputs: null };

/** Rows that are kept, live SQL over them, a script over that, and one more that reads both. */
const ground: Omit<Ground, "focused"> = {
  cells: [
    cell("rows"),
    cell("live", page),
    cell("script", { ...page, language: "js" }),
    cell("both", { ...page, language: "js" }),
  ],
  assets: [asset("rows")],
  states: new Map<ReturnType<typeof key>, CellState>([[key("rows"), { name: "fresh" }]]),
  links: () =>
    new Map([
      ["live", { reads: ["rows"], defines: ["live"] }],
      ["script", { reads: ["live", "Plot"], defines: ["total"] }],
      ["both", { reads: ["live", "total"], defines: [] }],
    ]),
  failure: (one) => (one.id === "script" ? FAILURE : null),
};

const along = (way: "upstream" | "downstream", focused: string): string[] =>
  neighbours(way, { ...ground, focused }).map(({ id }) => id);

test("cells that the page computes have cells above and below them, as kept ones have", () => {
  expect(along("downstream", "rows")).toEqual(["live"]);
  expect(along("upstream", "live")).toEqual(["rows"]);
  expect(along("downstream", "live")).toEqual(["script", "both"]);
  expect(along("upstream", "both")).toEqual(["live", "script"]);
  expect(along("upstream", "rows")).toEqual([]);
});

test("a cell of the page that failed is among the problems", () => {
  expect(neighbour("next-problem", { ...ground, focused: "rows" })?.id).toBe("script");
  expect(neighbour("previous-problem", { ...ground, focused: "both" })?.id).toBe("script");
  expect(neighbour("next-problem", { ...ground, focused: "script" })).toBeNull();
});
