import { expect, test } from "vitest";

import type { CellView } from "#protocol/view.ts";

import { liveQueryOf } from "../../server/live-query.ts";

function cell(id: string, inputs: readonly string[], rest: Partial<CellView> = {}): CellView {
  return {
    id,
    name: id,
    language: "sql",
    kind: "sql",
    source: `select from ${inputs.join(", ")}`,
    attributes: {},
    inputs,
    asset: null,
    error: null,
    disabledBy: null,
    ...rest,
  };
}

const path = (asset: string): string | null => (asset.startsWith("kept") ? `/objects/${asset}` : null);

test("a live cell brings the cells it reads, upstream first and once each, with the tables and values of all", () => {
  const cells = [
    cell("last", ["left", "right"]),
    cell("left", ["base", "kept_a"]),
    cell("right", ["base"]),
    cell("base", ["kept_b", "unknown"]),
    cell("beside", ["kept_c"]),
  ];
  const values = { base: [1], last: [["a"]], beside: [2] };
  const query = liveQueryOf(cells, { cell: "last", values, limit: 10 }, path);
  expect(query.cells.map(({ name, values: own }) => [name, own])).toEqual([
    ["base", [1]],
    ["left", []],
    ["right", []],
    ["last", [["a"]]],
  ]);
  expect(query.tables).toEqual({ kept_a: "/objects/kept_a", kept_b: "/objects/kept_b" });
  expect(query.limit).toBe(10);
});

test("cells that read one another are an error that names the ring", () => {
  const cells = [cell("a", ["b"]), cell("b", ["c"]), cell("c", ["b"])];
  expect(() => liveQueryOf(cells, { cell: "a", values: {}, limit: 1 }, path)).toThrow(
    "cells that read one another: b → c → b",
  );
});

test("the error of a cell that is read is the error of the query", () => {
  const broken = cell("b", [], { error: { code: "notebook", message: "write one SELECT" } });
  const ask = (): unknown =>
    liveQueryOf([cell("a", ["b"]), broken], { cell: "a", values: {}, limit: 1 }, path);
  expect(ask).toThrow("write one SELECT");
});

test.each(["none", "kept"])("%s is no live cell", (id) => {
  const kept = cell("kept", [], { asset: "kept" as CellView["asset"] });
  expect(() => liveQueryOf([kept], { cell: id, values: {}, limit: 1 }, path)).toThrow(
    `no live SQL cell: ${id}`,
  );
});
