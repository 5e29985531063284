import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";

import { isDisabled } from "./definition.ts";
import type { AssetDefinition, Place } from "./definition.ts";
import { nearHint } from "./nearest.ts";

/** All assets of a workspace. Every asset is in `assets`; one with a problem has it in `problems`. */
export interface Graph {
  readonly assets: ReadonlyMap<AssetKey, AssetDefinition>;
  /** Upstream before downstream; assets on a ring of inputs are left out. */
  readonly order: readonly AssetKey[];
  readonly downstream: ReadonlyMap<AssetKey, readonly AssetKey[]>;
  /** Static errors: a second definition, an input that is not there, a ring. */
  readonly problems: ReadonlyMap<AssetKey, ErrorInfo>;
}

/** Merges the definitions of all notebooks and modules into one graph; never throws. */
export function buildGraph(definitions: readonly AssetDefinition[]): Graph {
  const assets = new Map<AssetKey, AssetDefinition>();
  const problems = new Map<AssetKey, ErrorInfo>();
  for (const definition of definitions) {
    const first = assets.get(definition.key);
    if (first === undefined) assets.set(definition.key, definition);
    else problems.set(definition.key, defined(definition.key, first.place, definition.place));
    if (definition.error !== null) problems.set(definition.key, definition.error);
  }
  for (const { key, inputs } of assets.values()) {
    const absent = inputs.find((input) => !assets.has(input));
    if (absent !== undefined && !problems.has(key)) problems.set(key, unknownInput(key, absent, assets));
  }
  const order = topologicalOrder(assets, problems);
  const downstream = new Map<AssetKey, AssetKey[]>([...assets.keys()].map((key) => [key, []]));
  for (const { key, inputs } of assets.values()) for (const input of inputs) downstream.get(input)?.push(key);
  return { assets: withPartitions(assets, order), order, downstream, problems };
}

/** `key` and all that it is made from, upstream first; nothing above what is `closed`. */
export function upstreamClosure(
  graph: Graph,
  keys: Iterable<AssetKey>,
  closed: (key: AssetKey) => boolean = () => false,
): AssetKey[] {
  const wanted = new Set(keys);
  for (const key of graph.order.toReversed()) {
    if (!wanted.has(key) || closed(key)) continue;
    for (const input of graph.assets.get(key)?.inputs ?? []) wanted.add(input);
  }
  return graph.order.filter((key) => wanted.has(key));
}

/** Every asset that is turned off, by the one that turns it off: itself, or the first found upstream. */
export function disabledAssets(graph: Graph): Map<AssetKey, AssetKey> {
  const off = new Map<AssetKey, AssetKey>();
  for (const key of graph.order) {
    const definition = graph.assets.get(key);
    if (definition === undefined) continue;
    const by = isDisabled(definition) ? key : definition.inputs.map((input) => off.get(input)).find(Boolean);
    if (by !== undefined) off.set(key, by);
  }
  return off;
}

/** Depth-first, so that a ring is found with its members in order. */
function topologicalOrder(
  assets: ReadonlyMap<AssetKey, AssetDefinition>,
  problems: Map<AssetKey, ErrorInfo>,
): AssetKey[] {
  const order: AssetKey[] = [];
  const done = new Set<AssetKey>();
  const path: AssetKey[] = [];
  const visit = (key: AssetKey): void => {
    if (done.has(key)) return;
    const at = path.indexOf(key);
    if (at >= 0) {
      const ring = path.slice(at);
      for (const member of ring) problems.set(member, cycle(ring));
      return;
    }
    path.push(key);
    for (const input of assets.get(key)?.inputs ?? []) if (assets.has(input)) visit(input);
    path.pop();
    done.add(key);
    order.push(key);
  };
  for (const key of assets.keys()) visit(key);
  return order.filter((key) => problems.get(key)?.message.startsWith("cycle") !== true);
}

function withPartitions(
  assets: ReadonlyMap<AssetKey, AssetDefinition>,
  order: readonly AssetKey[],
): Map<AssetKey, AssetDefinition> {
  const result = new Map(assets);
  for (const key of order) {
    const definition = result.get(key);
    if (definition === undefined || definition.external) continue;
    const partitioned = definition.inputs.some((input) => result.get(input)?.partitioned === true);
    result.set(key, { ...definition, partitioned });
  }
  return result;
}

function defined(key: AssetKey, first: Place, second: Place): ErrorInfo {
  return {
    code: "notebook",
    message: `two definitions of ${key}: ${placeText(first)} and ${placeText(second)}`,
    hint: "Rename one of them: a name stands for one asset in the whole workspace.",
  };
}

function unknownInput(
  key: AssetKey,
  absent: AssetKey,
  assets: ReadonlyMap<AssetKey, AssetDefinition>,
): ErrorInfo {
  return {
    code: "notebook",
    message: `${key} reads ${absent}, which nothing defines`,
    hint: nearHint(absent, assets.keys(), "Define it in a cell, or take it out."),
    cell: key,
  };
}

function cycle(ring: readonly AssetKey[]): ErrorInfo {
  return {
    code: "notebook",
    message: `cycle: ${[...ring, ring[0]].join(" reads ")}`,
    hint: "Take one of these inputs out: a cell cannot be made from itself.",
  };
}

function placeText(place: Place): string {
  return place.notebook === null ? (place.cell ?? "a module folder") : `${place.notebook}:${place.line}`;
}
