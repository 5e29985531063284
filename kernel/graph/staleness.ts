import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import { WHOLE, parsePartition } from "#protocol/ids.ts";
import type { AssetStatus, InputVersion, StaleCause } from "#protocol/record.ts";

import { isDisabled, SOFTWARE_PARTS } from "./definition.ts";
import type { AssetDefinition } from "./definition.ts";
import { upstreamClosure } from "./graph.ts";
import type { Graph } from "./graph.ts";
import { engineExpected, partsOn } from "./run-engine.ts";
import type { RunEngine } from "./run-engine.ts";

/** One version of an asset, as the catalog remembers it: a materialisation, or an observation of an external. */
export interface Version {
  readonly dataVersion: DataVersion;
  readonly parts: Readonly<Record<string, string>>;
  readonly inputs: readonly InputVersion[];
  /** Name of the engine that a run chose instead of its cell's; absent: it is its cell's. */
  readonly runEngine?: string;
}

/** What is remembered. */
export interface Known {
  /** The current version; null when there is none. */
  head(asset: AssetKey, partition: PartitionKey): Version | null;
  /** An earlier version by its content; null when it is not remembered. */
  at(asset: AssetKey, partition: PartitionKey, version: DataVersion): Version | null;
  /** Parts that a partition adds to an asset's own, such as the modules chosen for it. */
  partsOf(definition: AssetDefinition, partition: PartitionKey): Readonly<Record<string, string>>;
  /** Whether a person pinned the current version. */
  held(asset: AssetKey, partition: PartitionKey): boolean;
  /** The version that a person names, such as `head`, `previous` or a run; null when there is none. */
  named(asset: AssetKey, partition: PartitionKey, version: string): DataVersion | null;
  /** Whether a version of it went when what it was made from was erased. */
  withdrawn(asset: AssetKey, partition: PartitionKey): boolean;
  /** Versions that came after the last one of that content. */
  since(asset: AssetKey, partition: PartitionKey, version: DataVersion): number;
}

/** What an asset is compared with in other samples, as it is now: one version of each, or none. */
export function comparedWith(
  graph: Graph,
  { others }: AssetDefinition,
  known: Pick<Known, "named">,
): InputVersion[] {
  return others.flatMap(({ asset: name, sample, version }) => {
    if (sample === null) return [];
    const asset = name as AssetKey;
    const partition = partitionOf(graph, asset, parsePartition(sample));
    const dataVersion = known.named(asset, partition, version);
    return dataVersion === null ? [] : [{ asset, partition, dataVersion, compared: true }];
  });
}

/** Whether anything is compared with a sample: then what is made for it changes what is known of others. */
export function isComparedWith(graph: Graph, partition: PartitionKey): boolean {
  return [...graph.assets.values()].some(({ others }) => others.some(({ sample }) => sample === partition));
}

/** The partition in which an asset is read from a step in `partition`. */
export function partitionOf(graph: Graph, asset: AssetKey, partition: PartitionKey): PartitionKey {
  return graph.assets.get(asset)?.partitioned === true ? partition : WHOLE;
}

/**
 * `missing`, `fresh`, `stale`, `held`, `disabled` or `unknown` of every asset for one partition. Transitive: an
 * asset below a stale one is stale, with the causes from the root; below a disabled one, disabled. What is held
 * stops both: it is what it is, and what is made from it is fresh. Linear in assets and inputs.
 *
 * For a run that chose an engine, what was selected and made on another is stale too.
 */
export function statuses(
  graph: Graph,
  partition: PartitionKey,
  known: Known,
  engine: RunEngine | null = null,
): Map<AssetKey, AssetStatus> {
  const result = new Map<AssetKey, AssetStatus>();
  for (const key of graph.order) result.set(key, stateOf(graph, key, partition, known, engine, result));
  return result;
}

/** As {@link statuses}, of one asset: only what it is made from is looked at. */
export function statusOf(
  graph: Graph,
  asset: AssetKey,
  partition: PartitionKey,
  known: Known,
  engine: RunEngine | null = null,
): AssetStatus {
  const result = new Map<AssetKey, AssetStatus>();
  for (const key of upstreamClosure(graph, [asset]))
    result.set(key, stateOf(graph, key, partition, known, engine, result));
  return result.get(asset) ?? { state: "missing" };
}

function stateOf(
  graph: Graph,
  key: AssetKey,
  partition: PartitionKey,
  known: Known,
  engine: RunEngine | null,
  above: ReadonlyMap<AssetKey, AssetStatus>,
): AssetStatus {
  const definition = graph.assets.get(key);
  const at = partitionOf(graph, key, partition);
  const head = known.head(key, at);
  if (definition === undefined) return { state: "missing" };
  if (isDisabled(definition)) return { state: "disabled", by: key };
  const held = head !== null && !definition.external && known.held(key, at);
  const off = definition.inputs
    .map((input) => above.get(input))
    .find((status) => status?.state === "disabled");
  if (off !== undefined && !held) return off;
  if (definition.external) return head === null ? { state: "unknown", upstream: key } : { state: "fresh" };
  if (head === null)
    return known.withdrawn(key, at) ? { state: "missing", because: "erased" } : { state: "missing" };

  const causes: StaleCause[] = [];
  for (const input of definition.inputs) {
    const status = above.get(input);
    if (status?.state === "unknown" && !held) return status;
    if (status?.state === "stale") causes.push(...status.causes);
  }
  const inputs = definition.inputs.flatMap((input): InputVersion[] => {
    const of = partitionOf(graph, input, partition);
    const version = known.head(input, of);
    return version === null ? [] : [{ asset: input, partition: of, dataVersion: version.dataVersion }];
  });
  const now: Version = {
    dataVersion: head.dataVersion,
    parts: partsOn(
      definition,
      known.partsOf(definition, partition),
      engineExpected(definition, head.runEngine ?? null, engine),
    ),
    inputs: [...inputs, ...comparedWith(graph, definition, known)],
  };
  causes.push(...changes(graph, key, head, now, known));
  if (held) return { state: "held", behind: behind(key, head, causes, known), causes: distinct(causes) };
  return causes.length === 0 ? { state: "fresh" } : { state: "stale", causes: distinct(causes) };
}

/**
 * How many versions a pinned result is behind: those of its inputs that came after the ones it was made from, and
 * one for code of its own that changed. At least one when anything above it changed.
 */
function behind(key: AssetKey, head: Version, causes: readonly StaleCause[], known: Known): number {
  const code = causes.some((cause) => cause.kind !== "input" && cause.asset === key) ? 1 : 0;
  const newer = head.inputs.map(({ asset, partition, dataVersion }) =>
    known.since(asset, partition, dataVersion),
  );
  return Math.max(
    newer.reduce((sum, count) => sum + count, code),
    Math.min(causes.length, 1),
  );
}

/**
 * What differs between two versions of an asset, followed up to where it began: the file, cell or software
 * that changed. Empty when they were made in the same way.
 */
export function changes(
  graph: Graph,
  asset: AssetKey,
  before: Version,
  now: Version,
  known: Known,
): StaleCause[] {
  const external = graph.assets.get(asset)?.external === true;
  const causes: StaleCause[] = [];
  for (const part of new Set([...Object.keys(before.parts), ...Object.keys(now.parts)])) {
    const [old, fresh] = [before.parts[part], now.parts[part]];
    if (old === fresh) continue;
    if (SOFTWARE_PARTS.has(part)) {
      causes.push({ kind: "software", asset, detail: `${part} ${softwareChange(old, fresh)}` });
    } else {
      const change = old === undefined ? "added" : fresh === undefined ? "removed" : "changed";
      const detail = `${part} ${change}`;
      causes.push(
        external ? { kind: "input", asset, change: "changed", detail } : { kind: "code", asset, detail },
      );
    }
  }
  for (const [old, fresh] of inPairs(before.inputs, now.inputs)) {
    const input = old ?? fresh;
    if (input === undefined || old?.dataVersion === fresh?.dataVersion) continue;
    causes.push(...inputChanges(graph, input, old, fresh, known));
  }
  return causes;
}

/**
 * Without the hash of the code, see code-version.ts: that is another one in each kind of cell, and tells nobody anything.
 * Records of before it have the name of Karyon a second time.
 */
function softwareChange(old: string | undefined, fresh: string | undefined): string {
  const [before, now] = [old, fresh].map((version) => version?.replace(/^karyon |\+\w+$/g, "") ?? "none");
  return `${before} → ${now}${before === now ? " with other code" : ""}`;
}

/** The same input of two versions, side by side. */
function inPairs(
  before: readonly InputVersion[],
  now: readonly InputVersion[],
): (readonly [InputVersion | undefined, InputVersion | undefined])[] {
  // Of what is compared, one asset comes from several samples.
  const placeOf = ({ asset, partition, compared }: InputVersion): string =>
    compared === true ? `${asset} of ${partition}` : asset;
  const byPlace = (inputs: readonly InputVersion[]): Map<string, InputVersion> =>
    new Map(inputs.map((input) => [placeOf(input), input]));
  const [old, fresh] = [byPlace(before), byPlace(now)];
  return [...new Set([...old.keys(), ...fresh.keys()])].map((place) => [old.get(place), fresh.get(place)]);
}

function inputChanges(
  graph: Graph,
  { asset, partition, compared }: InputVersion,
  old: InputVersion | undefined,
  fresh: InputVersion | undefined,
  known: Known,
): StaleCause[] {
  if (compared === true) {
    const change = old === undefined ? "added" : fresh === undefined ? "removed" : "changed";
    return [{ kind: "input", asset, change, partition }];
  }
  if (old === undefined || fresh === undefined) {
    return [{ kind: "input", asset, change: old === undefined ? "added" : "removed" }];
  }
  const before = known.at(asset, old.partition, old.dataVersion);
  const now = known.at(asset, fresh.partition, fresh.dataVersion);
  const root = before === null || now === null ? [] : changes(graph, asset, before, now, known);
  return root.length > 0 ? root : [{ kind: "input", asset, change: "changed" }];
}

function distinct(causes: readonly StaleCause[]): StaleCause[] {
  return [...new Map(causes.map((cause) => [JSON.stringify(cause), cause])).values()];
}
