import { describe, expect, test } from "vitest";

import type { AssetDefinition } from "#graph/definition.ts";
import { buildGraph, disabledAssets, upstreamClosure } from "#graph/graph.ts";
import { select } from "#graph/selection.ts";
import { statuses } from "#graph/staleness.ts";
import type { Known, Version } from "#graph/staleness.ts";
import { codeVersion, hashFields } from "#graph/versions.ts";
import { assetKey, parsePartition } from "#protocol/ids.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { plan } from "../../server/session/plan.ts";

const PERSON = parsePartition("anna/genome");

function define(key: string, inputs: string[] = [], more: Partial<AssetDefinition> = {}): AssetDefinition {
  return {
    key: assetKey(key),
    kind: "sql",
    external: false,
    partitioned: false,
    inputs: inputs.map((input) => assetKey(input)),
    parts: { source: key },
    output: "table",
    tolerant: false,
    light: false,
    optional: [],
    earlier: null,
    engine: null,
    place: { notebook: "a.md", cell: key, line: 1 },
    cell: { language: "sql", attributes: {}, source: "" },
    error: null,
    ...more,
  };
}

const vcf = define("vcf", [], { external: true, partitioned: true, kind: "source", parts: {} });
const pipeline = [
  vcf,
  define("normalized", ["vcf"]),
  define("modules/coronary", [], { kind: "module", parts: { "variants.csv": "1", karyon: "0.1.0" } }),
  define("modules/lipid", [], { kind: "module", parts: { "variants.csv": "1" } }),
  define("dataset", ["modules/coronary", "modules/lipid"], { kind: "modules" }),
  define("annotations", ["normalized", "dataset"]),
  define("report", ["annotations"], { kind: "report" }),
];

/** Remembers versions as a catalog does: `make` records the present way an asset is made. */
class Memory implements Known {
  readonly #versions = new Map<string, Version[]>();
  readonly #extra = new Map<string, Record<string, string>>();
  readonly #held = new Set<string>();

  make(
    graph: ReturnType<typeof buildGraph>,
    key: string,
    content: string,
    parts?: Record<string, string>,
  ): void {
    const definition = graph.assets.get(assetKey(key));
    if (definition === undefined) throw new Error(key);
    const inputs = definition.inputs.flatMap((asset) => {
      const at = graph.assets.get(asset)?.partitioned === true ? PERSON : ("" as PartitionKey);
      const head = this.head(asset, at);
      return head === null ? [] : [{ asset, partition: at, dataVersion: head.dataVersion }];
    });
    const version = { dataVersion: content as DataVersion, parts: parts ?? this.partsOf(definition), inputs };
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
  }

  choose(key: string, parts: Record<string, string>): void {
    this.#extra.set(key, parts);
  }

  head(asset: AssetKey, _partition: PartitionKey): Version | null {
    return this.#versions.get(asset)?.at(-1) ?? null;
  }

  named(): DataVersion | null {
    return null;
  }

  withdrawn(): boolean {
    return false;
  }

  at(asset: AssetKey, _partition: PartitionKey, version: DataVersion): Version | null {
    return this.#versions.get(asset)?.find((one) => one.dataVersion === version) ?? null;
  }

  hold(key: string): void {
    this.#held.add(key);
  }

  held(asset: AssetKey): boolean {
    return this.#held.has(asset);
  }

  since(asset: AssetKey, _partition: PartitionKey, version: DataVersion): number {
    const all = this.#versions.get(asset)?.map(({ dataVersion }) => dataVersion) ?? [];
    return new Set(all.slice(all.lastIndexOf(version) + 1)).size;
  }

  partsOf(definition: AssetDefinition): Record<string, string> {
    return { ...definition.parts, ...this.#extra.get(definition.key) };
  }
}

function madeOnce(): { memory: Memory; graph: ReturnType<typeof buildGraph> } {
  const graph = buildGraph(pipeline);
  const memory = new Memory();
  for (const key of graph.order) memory.make(graph, key, `${key}@1`);
  return { memory, graph };
}

const states = (all: ReadonlyMap<AssetKey, AssetStatus>): Record<string, string> =>
  Object.fromEntries([...all].map(([key, status]) => [key, status.state]));

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

describe("staleness", () => {
  test("nothing is stale when all is made once", () => {
    const { memory, graph } = madeOnce();
    expect(new Set(Object.values(states(statuses(graph, PERSON, memory))))).toEqual(new Set(["fresh"]));
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

describe("a selection", () => {
  const graph = buildGraph(pipeline);

  test.each([
    ["dataset", ["dataset"]],
    ["+dataset", ["modules/coronary", "modules/lipid", "dataset"]],
    ["1+annotations", ["normalized", "dataset", "annotations"]],
    ["dataset+1", ["dataset", "annotations"]],
    ["normalized+", ["normalized", "annotations", "report"]],
    ["modules/*", ["modules/coronary", "modules/lipid"]],
    ["kind:report or vcf", ["vcf", "report"]],
    ["+annotations and not (modules/* , vcf)", ["normalized", "dataset", "annotations"]],
    ["not +report", []],
  ])("%s", (text, expected) => {
    expect(select(text, graph).toSorted()).toEqual(expected.toSorted());
  });

  test("by state", () => {
    const now = statuses(graph, PERSON, new Memory());
    expect(select("missing and modules/*", graph, now)).toEqual(["modules/coronary", "modules/lipid"]);
  });

  test.each([
    ["reprot", "selection column 1: no asset: reprot", "Write report if that is what you mean."],
    ["vcf and", "selection column 8: the selection ends too early", /./],
    ["(vcf", "selection column 5: a ) is missing", /./],
    ["colour:red", "selection column 1: no such field: colour", "Use one of key, kind, notebook, status."],
    ["constructor:red", "selection column 1: no such field: constructor", /./],
  ])("%s is refused with its column", (text, message, hint) => {
    expect(() => select(text, graph)).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({ message, hint: expect.stringMatching(hint) }),
      }),
    );
  });
});

test("versions keep fields apart", () => {
  expect(hashFields(["1", "23"])).not.toBe(hashFields(["12", "3"]));
  expect(codeVersion("sql", { a: "1", b: "2" })).toBe(codeVersion("sql", { b: "2", a: "1" }));
  expect(codeVersion("sql", { a: "1", b: "2" })).not.toBe(codeVersion("sql", { a: "2", b: "1" }));
});
