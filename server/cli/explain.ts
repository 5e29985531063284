import { partitionOf } from "#graph/staleness.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";
import type { AssetRecord, AssetStatus, Observation } from "#protocol/record.ts";
import type { AutomationView } from "#protocol/view.ts";

import { recordOf } from "../catalog/versions.ts";
import { automationView } from "../session/policy.ts";
import { shownStatus } from "../shown-status.ts";
import { ASSET_PLACE, resolveAsset } from "./asset-place.ts";
import type { AssetPlace } from "./asset-place.ts";
import { madeBy, ofPartition, statusLine, table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

interface WhyResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly status: AssetStatus;
  readonly record: AssetRecord | null;
  /** When it is made by itself; null: only when somebody asks. */
  readonly automation: AutomationView | null;
}

export const why: AnyVerb = defineVerb<AssetPlace, WhyResult>({
  name: "why",
  parameters: ASSET_PLACE,
  declare(program, ask) {
    program
      .command("why <asset> [partition]")
      .description("why an asset is in the state it is in, from the root")
      .action((asset: string, partition: string | undefined) => ask({ asset, partition }));
  },
  async run(parameters, { workspace, signal }) {
    const { asset, partition } = await resolveAsset(parameters, workspace);
    await workspace.observe([asset], partition, signal);
    const { graph } = await workspace.definitions();
    const at = partitionOf(graph, asset, partition);
    const written = (await workspace.statuses(partition)).get(asset) ?? { state: "missing" };
    const status = shownStatus(workspace.catalog, graph, asset, partition, written);
    const definition = graph.assets.get(asset);
    const automation = definition === undefined ? null : automationView(definition, new Date());
    return {
      asset,
      partition: at,
      status,
      record: workspace.catalog.versions.headRecord(asset, at),
      automation,
    };
  },
  print({ asset, partition, status, record, automation }) {
    const lines = [`${asset}${ofPartition(partition)}: ${statusLine(status, asset)}`];
    if (record !== null) {
      lines.push(
        `  made ${record.madeAt} in run ${record.run}, ${record.rows === null ? "" : `${counted(record.rows, "row")}, `}${bytes(record.bytes)}`,
        `  version ${record.dataVersion.slice(0, 12)}, code ${record.codeVersion.slice(0, 12)}, ${madeBy(record)}`,
        ...record.inputs.map(
          (input) =>
            `  from ${input.asset}${input.compared === true ? ` of ${input.partition}` : ""} ${input.dataVersion.slice(0, 12)}`,
        ),
      );
    }
    if (automation !== null) {
      const next = automation.next === undefined ? "" : `, next ${automation.next}`;
      lines.push(`  made by itself while a server runs: ${automation.policy}${next}`);
    }
    return lines.join("\n");
  },
});

interface LineageNode {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly kind: string;
  /** Null: it is of a sample, and none was named. */
  readonly status: AssetStatus | null;
  readonly inputs: readonly AssetKey[];
  readonly data_version: string | null;
  readonly code_version: string | null;
  readonly made_at: string | null;
  readonly run: number | null;
  readonly modules: AssetRecord["modules"];
  readonly reference: string | null;
  readonly engine: string | null;
  /** Whether its run chose the engine; false: it is that of its cell, or none took part. */
  readonly engine_of_run: boolean;
  readonly observed: string | null;
}

interface LineageResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** Upstream first, the asset, then downstream. */
  readonly upstream: readonly LineageNode[];
  readonly self: LineageNode;
  readonly downstream: readonly LineageNode[];
}

export const lineage: AnyVerb = defineVerb<AssetPlace, LineageResult>({
  name: "lineage",
  parameters: ASSET_PLACE,
  declare(program, ask) {
    program
      .command("lineage <asset> [partition]")
      .description("what an asset is made from and what is made from it, with versions")
      .action((asset: string, partition: string | undefined) => ask({ asset, partition }));
  },
  async run(parameters, { workspace }) {
    const { asset, partition } = await resolveAsset(parameters, workspace);
    const { graph } = await workspace.definitions();
    const statuses = await workspace.statuses(partition);
    const node = (key: AssetKey): LineageNode => {
      const definition = graph.assets.get(key);
      const at = partitionOf(graph, key, partition);
      const isUnnamed = definition?.partitioned === true && partition === WHOLE;
      const status = statuses.get(key) ?? { state: "missing" };
      const head = workspace.catalog.versions.head(key, at);
      const record = recordOf(head);
      const observation: Observation | null = head?.kind === "observation" ? head.observation : null;
      return {
        asset: key,
        partition: at,
        kind: definition?.kind ?? "",
        status: isUnnamed ? null : shownStatus(workspace.catalog, graph, key, partition, status),
        inputs: definition?.inputs ?? [],
        data_version: record?.dataVersion ?? observation?.dataVersion ?? null,
        code_version: record?.codeVersion ?? null,
        made_at: record?.madeAt ?? head?.at ?? null,
        run: record?.run ?? null,
        modules: record?.modules ?? [],
        reference: record?.reference ?? null,
        engine: record?.engine ?? null,
        engine_of_run: record?.runEngine !== undefined,
        observed: observation?.summary ?? null,
      };
    };
    const reach = (next: (key: AssetKey) => readonly AssetKey[]): LineageNode[] => {
      const found = new Set<AssetKey>();
      const visit = (key: AssetKey): void => {
        for (const one of next(key)) {
          if (!found.has(one)) {
            found.add(one);
            visit(one);
          }
        }
      };
      visit(asset);
      return graph.order.filter((key) => found.has(key)).map((key) => node(key));
    };
    return {
      asset,
      partition,
      upstream: reach((key) => graph.assets.get(key)?.inputs ?? []),
      self: node(asset),
      downstream: reach((key) => graph.downstream.get(key) ?? []),
    };
  },
  print({ upstream, self, downstream }) {
    const row =
      (mark: string) =>
      (node: LineageNode): string[] => [
        mark,
        node.asset,
        node.data_version?.slice(0, 12) ?? "–",
        node.status === null ? "of a sample" : statusLine(node.status, node.asset),
        node.observed ?? node.made_at ?? "",
        node.engine_of_run ? `on ${node.engine ?? ""}, chosen for its run` : "",
      ];
    return table([...upstream.map(row("↑")), ...[self].map(row("●")), ...downstream.map(row("↓"))]);
  },
});
