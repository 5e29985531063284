import { partitionOf } from "#graph/staleness.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";
import type { AssetRecord, AssetStatus } from "#protocol/record.ts";
import type { AutomationView } from "#protocol/view.ts";

import { awaited } from "../runs/may-run.ts";
import { automationView } from "../session/policy.ts";
import { shownStatus } from "../shown-status.ts";
import { ASSET_PLACE, resolveAsset } from "./asset-place.ts";
import type { AssetPlace } from "./asset-place.ts";
import { madeBy, ofPartition, statusLine } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

interface WhyResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly status: AssetStatus;
  readonly record: AssetRecord | null;
  /** When it is made by itself; null: only when somebody asks. */
  readonly automation: AutomationView | null;
  /** Why it is not made by itself now: a step is not trusted. */
  readonly waits: ErrorInfo | null;
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
    const { graph, refusal } = await workspace.definitions();
    const at = partitionOf(graph, asset, partition);
    const statuses = await workspace.statuses(partition);
    const written = statuses.get(asset) ?? { state: "missing" };
    const status = shownStatus(workspace, graph, asset, partition, written);
    const definition = graph.assets.get(asset);
    const automation = definition === undefined ? null : automationView(definition, new Date());
    return {
      asset,
      partition: at,
      status,
      record: workspace.catalog.versions.headRecord(asset, at),
      automation,
      waits:
        automation === null ? null : awaited(workspace.standing(graph, partition), asset, statuses, refusal),
    };
  },
  print({ asset, partition, status, record, automation, waits }) {
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
    if (waits !== null) {
      const step = waits.cell === asset ? "" : ` for ${waits.cell ?? ""}`;
      lines.push(`  waits${step}: ${waits.message}`, `  ${waits.hint ?? ""}`);
    }
    return lines.join("\n");
  },
});
