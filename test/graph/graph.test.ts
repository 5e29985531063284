import { describe, expect, test } from "vitest";

import { buildGraph, upstreamClosure } from "#graph/graph.ts";
import { assetKey } from "#protocol/ids.ts";

import { define, pipeline } from "./pipeline.ts";

describe("the graph", () => {
  test("orders upstream before downstream and carries partitions down", () => {
    const graph = buildGraph(pipeline.toReversed());
    for (const [key, { inputs }] of graph.assets) {
      for (const input of inputs) expect(graph.order.indexOf(input)).toBeLessThan(graph.order.indexOf(key));
    }
    const partitioned = graph.order.filter((key) => graph.assets.get(key)?.partitioned);
    expect(partitioned.toSorted()).toEqual(["annotations", "normalized", "report", "vcf"]);
  });

  test("names both places of a second definition", () => {
    const again = define("report", [], { place: { notebook: "b.md", cell: "report", line: 7 } });
    expect(buildGraph([...pipeline, again]).problems.get(assetKey("report"))?.message).toBe(
      "two definitions of report: a.md:1 and b.md:7",
    );
  });

  test("names an input that nothing defines, and the nearest name", () => {
    const graph = buildGraph([define("normalized"), define("hits", ["normalised"])]);
    expect(graph.problems.get(assetKey("hits"))).toMatchObject({
      message: "hits reads normalised, which nothing defines",
      hint: "Write normalized if that is what you mean.",
    });
  });

  test("shows the ring of a cycle on each of its members and on no other", () => {
    const graph = buildGraph([
      define("a", ["c"]),
      define("b", ["a"]),
      define("c", ["b"]),
      define("d", ["a"]),
    ]);
    expect([...graph.problems.keys()].toSorted()).toEqual(["a", "b", "c"]);
    expect(graph.problems.get(assetKey("b"))?.message).toMatch(/^cycle: \w reads \w reads \w reads \w$/);
  });

  test("closes a choice upstream", () => {
    const graph = buildGraph(pipeline);
    expect(upstreamClosure(graph, [assetKey("dataset")])).toEqual([
      "modules/coronary",
      "modules/lipid",
      "dataset",
    ]);
  });
});
