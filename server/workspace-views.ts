import type { Graph } from "#graph/graph.ts";
import { withoutUnmade } from "#graph/optional.ts";
import { partitionOf, statuses } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import { fileNames, namesInShort, vcfsOf } from "#protocol/vcf-files.ts";
import type { AssetView, PartitionView, RunView } from "#protocol/view.ts";

import { recordOf } from "./catalog/versions.ts";
import type { Catalog } from "./catalog/catalog.ts";
import type { Remembered } from "./catalog/versions.ts";
import type { Definitions } from "./definitions.ts";
import { awaited } from "./runs/may-run.ts";
import type { Refusal } from "./runs/may-run.ts";
import { runView } from "./runs/run-view.ts";
import { assetView } from "./session/asset-view.ts";
import { automationView } from "./session/policy.ts";
import { failureOf } from "./shown-status.ts";
import type { Workspace } from "./workspace.ts";

/** A run as pages show it; null when it left no trace. */
export function viewOfRun(workspace: Workspace, id: number): RunView | null {
  return runView(id, workspace.catalog.eventsOfRun(id), workspace.live.get(id) ?? undefined);
}

export function viewsOfPartitions({ catalog }: Workspace): PartitionView[] {
  return catalog.partitions.all().map(({ key, attributes }) => {
    const about = aboutWords(attributes);
    return {
      key,
      source: namesInShort(fileNames(vcfsOf(attributes))) || null,
      synthetic: attributes.synthetic === true,
      ...(about === "" ? {} : { about }),
      ...(attributes.sex === undefined ? {} : { sex: attributes.sex }),
    };
  });
}

/** `female · blood, 2024`; empty when nothing was said. */
export function aboutWords({ sex, description }: PartitionAttributes): string {
  return [sex, description].filter((word) => word !== undefined).join(" · ");
}

/** Every asset of a graph as it stood in one partition at a time (ISO 8601, UTC). */
export function viewsOfPast(
  { catalog }: Workspace,
  whole: Graph,
  partition: PartitionKey,
  until: string,
): AssetView[] {
  const stood = (key: AssetKey): Remembered | null =>
    catalog.versions.stoodAt(key, partitionOf(whole, key, partition), until);
  const graph = withoutUnmade(whole, (key) => stood(key) !== null);
  return [...graph.assets.keys()].map((key) => {
    const version = stood(key);
    const facts = {
      status: { state: version === null ? "missing" : "fresh" } as const,
      held: false,
      record: recordOf(version),
      earlier: hasEarlier(catalog, version),
      observation: version?.kind === "observation" ? version.observation : null,
      failure: null,
      mayRun: true,
    };
    return { ...assetView(graph, key, partition, facts, []), past: true };
  });
}

/** Every asset as it is in one partition. */
export function viewsOfAssets(
  workspace: Workspace,
  { graph: whole, refusal }: Definitions,
  partition: PartitionKey,
): AssetView[] {
  return workspace.catalog.reading(() => assetViews(workspace, whole, refusal, partition));
}

function assetViews(
  workspace: Workspace,
  whole: Graph,
  refusal: Refusal,
  partition: PartitionKey,
): AssetView[] {
  const { catalog } = workspace;
  const graph = workspace.standing(whole, partition);
  const known = statuses(graph, partition, workspace.known());
  const live = [...workspace.live.all()].flatMap(({ id }) => viewOfRun(workspace, id) ?? []);
  return [...graph.assets.keys()].map((key) => {
    const at = partitionOf(graph, key, partition);
    const head = catalog.versions.head(key, at);
    const failure = failureOf(workspace, graph, key, partition);
    const facts = {
      status: known.get(key) ?? ({ state: "missing" } as const),
      held: catalog.versions.held(key, at),
      record: recordOf(head),
      earlier: hasEarlier(catalog, head),
      observation: head?.kind === "observation" ? head.observation : null,
      failure:
        failure === null ? null : { ...failure, status: workspace.live.withRows(key, at, failure.status) },
      mayRun: refusal(key) === null,
    };
    const definition = graph.assets.get(key);
    const automation = definition === undefined ? null : automationView(definition, new Date());
    const waits = automation === null ? null : awaited(graph, key, known, refusal);
    return {
      ...assetView(graph, key, partition, facts, live),
      ...(automation === null ? {} : { automation }),
      ...(waits === null ? {} : { waits }),
    };
  });
}

function hasEarlier(catalog: Catalog, remembered: Remembered | null): boolean {
  const record = recordOf(remembered);
  return record !== null && catalog.versions.hasEarlier(record.asset, record.partition, record.seq);
}
