import { describe, expect, test, vi } from "vitest";

import type { AssetDefinition } from "#graph/definition.ts";
import { buildGraph, disabledAssets } from "#graph/graph.ts";
import { statuses, statusOf } from "#graph/staleness.ts";
import { assetKey } from "#protocol/ids.ts";

import { plan } from "../../server/session/plan.ts";
import { Memory, PERSON, define, madeOnce, pipeline, states, vcf } from "./pipeline.ts";

describe("staleness", () => {
  test("nothing is stale when all is made once", () => {
    const { memory, graph } = madeOnce();
    expect(new Set(Object.values(states(statuses(graph, PERSON, memory))))).toEqual(new Set(["fresh"]));
  });

  test("of one asset it is the same, and nothing is asked of what it is not made from", () => {
    const { memory } = madeOnce();
    const edited = buildGraph(
      pipeline.map((one) => (one.key === "modules/coronary" ? { ...one, parts: { a: "2" } } : one)),
    );
    const asked = vi.spyOn(memory, "head");
    expect(statusOf(edited, assetKey("dataset"), PERSON, memory)).toMatchObject({ state: "stale" });
    expect([...new Set(asked.mock.calls.map(([asset]) => asset))].toSorted()).toEqual([
      "dataset",
      "modules/coronary",
      "modules/lipid",
    ]);
    for (const [key, status] of statuses(edited, PERSON, memory))
      expect(statusOf(edited, key, PERSON, memory)).toEqual(status);
  });

  test("a changed module makes exactly its downstream stale and is named as the cause", () => {
    const { memory } = madeOnce();
    const edited = pipeline.map((one) =>
      one.key === "modules/coronary" ? { ...one, parts: { ...one.parts, "variants.csv": "2" } } : one,
    );
    const now = statuses(buildGraph(edited), PERSON, memory);
    expect(states(now)).toEqual({
      vcf: "fresh",
      normalized: "fresh",
      "modules/coronary": "stale",
      "modules/lipid": "fresh",
      dataset: "stale",
      annotations: "stale",
      report: "stale",
    });
    expect(now.get(assetKey("report"))).toEqual({
      state: "stale",
      causes: [{ kind: "code", asset: "modules/coronary", detail: "variants.csv changed" }],
    });
  });

  test("an upstream that was made again keeps its root cause for those below", () => {
    const { memory } = madeOnce();
    const edited = buildGraph(
      pipeline.map((one) =>
        one.key === "modules/coronary" ? { ...one, parts: { ...one.parts, "variants.csv": "2" } } : one,
      ),
    );
    memory.make(edited, "modules/coronary", "coronary@2");
    memory.make(edited, "dataset", "dataset@2");
    const now = statuses(edited, PERSON, memory);
    expect(now.get(assetKey("dataset"))?.state).toBe("fresh");
    expect(now.get(assetKey("annotations"))).toEqual({
      state: "stale",
      causes: [{ kind: "code", asset: "modules/coronary", detail: "variants.csv changed" }],
    });
  });

  test("an upstream made again with the same content leaves those below fresh", () => {
    const { memory } = madeOnce();
    const edited = buildGraph(
      pipeline.map((one) => (one.key === "normalized" ? { ...one, parts: { source: "reformatted" } } : one)),
    );
    memory.make(edited, "normalized", "normalized@1");
    expect(new Set(Object.values(states(statuses(edited, PERSON, memory))))).toEqual(new Set(["fresh"]));
  });

  test("a changed file of an external is the cause, by the part that changed", () => {
    const { memory, graph } = madeOnce();
    memory.make(graph, "vcf", "vcf@2", { "genome.vcf.gz": "2" });
    expect(statuses(graph, PERSON, memory).get(assetKey("report"))).toEqual({
      state: "stale",
      causes: [{ kind: "input", asset: "vcf", change: "changed", detail: "genome.vcf.gz added" }],
    });
  });

  test("a new engine is a change of software, with both versions", () => {
    const { memory } = madeOnce();
    const upgraded = buildGraph(
      pipeline.map((one) => ({
        ...one,
        parts: { ...one.parts, ...(one.key === "modules/coronary" ? { karyon: "0.2.0" } : {}) },
      })),
    );
    expect(statuses(upgraded, PERSON, memory).get(assetKey("modules/coronary"))).toEqual({
      state: "stale",
      causes: [{ kind: "software", asset: "modules/coronary", detail: "karyon 0.1.0 → 0.2.0" }],
    });
  });

  test.each([
    ["0.1.0+1a2b3c4d5e6f", "0.1.0+9f8e7d6c5b4a", "0.1.0 → 0.1.0 with other code"],
    ["karyon 0.1.0", "0.1.0+9f8e7d6c5b4a", "0.1.0 → 0.1.0 with other code"],
    ["0.1.0+1a2b3c4d5e6f", "0.2.0+9f8e7d6c5b4a", "0.1.0 → 0.2.0"],
  ])("code of Karyon, which is %s and then %s, is a change of software", (before, after, change) => {
    const by = (karyon: string): AssetDefinition[] =>
      pipeline.map((one) =>
        one.key === "modules/coronary" ? { ...one, parts: { ...one.parts, karyon } } : one,
      );
    const { memory } = madeOnce(by(before));
    expect(statuses(buildGraph(by(after)), PERSON, memory).get(assetKey("report"))).toEqual({
      state: "stale",
      causes: [{ kind: "software", asset: "modules/coronary", detail: `karyon ${change}` }],
    });
  });

  test("a choice made for one partition counts", () => {
    const { memory, graph } = madeOnce();
    memory.choose("annotations", { "modules chosen": "coronary" });
    const now = statuses(graph, PERSON, memory);
    expect(states(now)).toMatchObject({ normalized: "fresh", annotations: "stale", report: "stale" });
  });

  test("what is below an external that nobody looked at is unknown, not fresh", () => {
    const graph = buildGraph([vcf, define("normalized", ["vcf"])]);
    const memory = new Memory();
    memory.make(graph, "normalized", "normalized@1");
    expect(statuses(graph, PERSON, memory).get(assetKey("normalized"))).toEqual({
      state: "unknown",
      upstream: "vcf",
    });
  });
});

describe("a held result", () => {
  const coronary = (version: string): AssetDefinition[] =>
    pipeline.map((one) =>
      one.key === "modules/coronary" ? { ...one, parts: { ...one.parts, "variants.csv": version } } : one,
    );

  test("stays as it is, says how far it is behind and why, and stops staleness", () => {
    const { memory, graph } = madeOnce();
    memory.hold("annotations");
    expect(statuses(graph, PERSON, memory).get(assetKey("annotations"))).toEqual({
      state: "held",
      behind: 0,
      causes: [],
    });
    const edited = buildGraph(coronary("2"));
    const cause = { kind: "code", asset: "modules/coronary", detail: "variants.csv changed" };
    expect(statuses(edited, PERSON, memory).get(assetKey("annotations"))).toEqual({
      state: "held",
      behind: 1,
      causes: [cause],
    });
    for (const version of ["2", "3"]) {
      const now = buildGraph(coronary(version));
      memory.make(now, "modules/coronary", `coronary@${version}`);
      memory.make(now, "dataset", `dataset@${version}`);
    }
    const after = statuses(buildGraph(coronary("3")), PERSON, memory);
    expect(after.get(assetKey("annotations"))).toMatchObject({ state: "held", behind: 2 });
    expect(after.get(assetKey("report"))).toEqual({ state: "fresh" });
  });

  test("of which nothing was made is missing", () => {
    const memory = new Memory();
    memory.hold("dataset");
    expect(statuses(buildGraph(pipeline), PERSON, memory).get(assetKey("dataset"))?.state).toBe("missing");
  });

  test("is not made again, and nothing is made for its sake; what is below it is", () => {
    const { memory } = madeOnce();
    memory.hold("annotations");
    const edited = buildGraph(
      coronary("2").map((one) => (one.key === "report" ? { ...one, parts: { source: "new" } } : one)),
    );
    const now = statuses(edited, PERSON, memory);
    expect(plan(edited, [assetKey("report")], now)).toEqual(["annotations", "report"]);
  });
});

describe("a disabled cell", () => {
  const off = (key: string): AssetDefinition[] =>
    pipeline.map((one) =>
      one.key === key ? { ...one, cell: { ...one.cell, attributes: { disabled: "" } } } : one,
    );

  test("turns off all that is made from it, each naming it, and nothing else", () => {
    const { memory } = madeOnce();
    const now = statuses(buildGraph(off("dataset")), PERSON, memory);
    expect(states(now)).toMatchObject({
      normalized: "fresh",
      "modules/coronary": "fresh",
      dataset: "disabled",
      annotations: "disabled",
      report: "disabled",
    });
    expect(now.get(assetKey("report"))).toEqual({ state: "disabled", by: "dataset" });
    expect(disabledAssets(buildGraph(off("dataset"))).get(assetKey("report"))).toBe("dataset");
  });

  test("does not reach through what is held", () => {
    const { memory } = madeOnce();
    memory.hold("annotations");
    const now = statuses(buildGraph(off("dataset")), PERSON, memory);
    expect(states(now)).toMatchObject({ annotations: "held", report: "fresh" });
  });

  test("is passed over by a plan, and nothing is made for its sake", () => {
    const graph = buildGraph(off("annotations"));
    const now = statuses(graph, PERSON, new Memory());
    expect(plan(graph, [assetKey("report"), assetKey("normalized")], now)).toEqual(["normalized", "report"]);
  });
});
