import type { AssetDefinition } from "#graph/definition.ts";
import { buildGraph } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import type { Known, Version } from "#graph/staleness.ts";
import { assetKey, parsePartition } from "#protocol/ids.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

export const PERSON: PartitionKey = parsePartition("anna/genome");

export function define(
  key: string,
  inputs: string[] = [],
  more: Partial<AssetDefinition> = {},
): AssetDefinition {
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
    others: [],
    engine: null,
    place: { notebook: "a.md", cell: key, line: 1 },
    cell: { language: "sql", attributes: {}, source: "" },
    error: null,
    ...more,
  };
}

export const vcf: AssetDefinition = define("vcf", [], {
  external: true,
  partitioned: true,
  kind: "source",
  parts: {},
});
/** From a file to a report, as small as a test needs. */
export const pipeline: readonly AssetDefinition[] = [
  vcf,
  define("normalized", ["vcf"]),
  define("modules/coronary", [], { kind: "module", parts: { "variants.csv": "1", karyon: "0.1.0" } }),
  define("modules/lipid", [], { kind: "module", parts: { "variants.csv": "1" } }),
  define("dataset", ["modules/coronary", "modules/lipid"], { kind: "modules" }),
  define("annotations", ["normalized", "dataset"]),
  define("report", ["annotations"], { kind: "report" }),
];

/** Remembers versions as a catalog does: `make` records the present way an asset is made. */
export class Memory implements Known {
  readonly #versions = new Map<string, Version[]>();
  readonly #extra = new Map<string, Record<string, string>>();
  readonly #held = new Set<string>();

  make(graph: Graph, key: string, content: string, parts?: Record<string, string>): void {
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

export function madeOnce(of: readonly AssetDefinition[] = pipeline): { memory: Memory; graph: Graph } {
  const graph = buildGraph(of);
  const memory = new Memory();
  for (const key of graph.order) memory.make(graph, key, `${key}@1`);
  return { memory, graph };
}

export function states(all: ReadonlyMap<AssetKey, AssetStatus>): Record<string, string> {
  return Object.fromEntries([...all].map(([key, status]) => [key, status.state]));
}
