import * as z from "zod";

import { runEngine } from "#graph/run-engine.ts";
import type { RunEngine } from "#graph/run-engine.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { MIB, bytes, count, counted, duration } from "#protocol/numerals.ts";
import { readBytes, storedBytes } from "#protocol/read-bytes.ts";
import type { ReadBytes } from "#protocol/read-bytes.ts";
import type { AssetStatus } from "#protocol/record.ts";
import type { AutomationView } from "#protocol/view.ts";

import { recordOf } from "../catalog/versions.ts";
import { plan as planSteps } from "../session/plan.ts";
import { automationView } from "../session/policy.ts";
import { shownStatus } from "../shown-status.ts";
import type { Workspace } from "../workspace.ts";
import { statusLine, table } from "./format.ts";
import { partitionsOf } from "./partitions-of.ts";
import { ENGINE_OPTION } from "./runs.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({ select: z.string().optional(), partition: z.string().optional() });

interface Listed {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly kind: string;
  readonly status: AssetStatus;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Of the last time that it was made. */
  readonly seconds: number | null;
  /** Most memory of its kernel then, in MiB. */
  readonly peak_mb: number | null;
  /** When it is made by itself; null: only when somebody asks. */
  readonly automation: AutomationView | null;
}

export const ls: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, { readonly assets: readonly Listed[] }>({
  name: "ls",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("ls [selection]")
      .description("assets and their states, as they were last looked at; a selection by state looks anew")
      .option("--partition <key>", "of one sample: USER/SAMPLE; without it, of all")
      .action((select: string | undefined, options) => ask({ ...options, select }));
  },
  async run({ select, partition }, { workspace, signal }) {
    const { graph } = await workspace.definitions();
    const assets = new Map<AssetKey, Map<PartitionKey, Listed>>(graph.order.map((key) => [key, new Map()]));
    for (const at of partitionsOf(workspace, partition)) {
      const keys = select === undefined ? graph.order : await workspace.selected(select, graph, at, signal);
      const { listed } = await listing(workspace, at);
      for (const key of keys) {
        const one = listed(key);
        const status = shownStatus(workspace, graph, key, at, one.status);
        assets.get(key)?.set(one.partition, { ...one, status });
      }
    }
    return { assets: [...assets.values()].flatMap((one) => [...one.values()]) };
  },
  print: ({ assets }) => {
    if (assets.length === 0) return "No asset is selected.";
    const isAutomatic = assets.some(({ automation }) => automation !== null);
    return table([
      ["Asset", "Partition", "Kind", ...(isAutomatic ? ["Made"] : []), "Rows", "Size", "State"],
      ...assets.map(({ asset, partition, kind, automation, rows, bytes: size, status }) => [
        asset,
        partition || "–",
        kind,
        ...(isAutomatic ? [automation?.policy ?? ""] : []),
        rows === null ? "" : count(rows),
        size === null ? "" : bytes(size),
        statusLine(status, asset),
      ]),
    ]);
  },
});

const PLAN = z.strictObject({
  select: z.string(),
  partition: z.string().optional(),
  engine: z.string().optional(),
});

interface Planned {
  readonly steps: readonly Listed[];
  /** By what each took the last time; null when nothing is known. */
  readonly seconds: number | null;
  /** Most memory of a kernel then, in MiB; null when nothing is known. */
  readonly peak_mb: number | null;
  /** Of their inputs, as those stand now. */
  readonly reads: ReadBytes;
  /** Steps that were never made, which the time leaves out. */
  readonly unknown: number;
}

export const plan: AnyVerb = defineVerb<z.output<typeof PLAN>, Planned>({
  name: "plan",
  parameters: PLAN,
  declare(program, ask) {
    program
      .command("plan <selection>")
      .description(
        "what a run would make, why, what time and memory that took the last time, and what it reads; nothing is run",
      )
      .option("--partition <key>", "USER/SAMPLE")
      .option(...ENGINE_OPTION)
      .action((select: string, options) => ask({ select, ...options }));
  },
  async run({ select, partition, engine: name }, { workspace, signal }) {
    const at = workspace.partition(partition);
    const graph = await workspace.graphOf(at);
    const targets = await workspace.selected(select, graph, at, signal);
    workspace.requirePartitionOf(targets, graph, at);
    const engine = name === undefined ? null : runEngine(name, graph, targets);
    await workspace.observe(targets, at, signal);
    const { all, listed } = await listing(workspace, at, engine);
    const steps = planSteps(graph, targets, all).map((key) => listed(key));
    const known = steps.flatMap((step) => step.seconds ?? []);
    const peaks = steps.flatMap((step) => step.peak_mb ?? []);
    return {
      steps,
      seconds: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0),
      peak_mb: peaks.length === 0 ? null : Math.max(...peaks),
      reads: readBytes(
        steps.map(({ asset }) => graph.assets.get(asset)?.inputs ?? []),
        (input) => sizeOf(workspace, input, partitionOf(graph, input, at)),
      ),
      unknown: steps.length - known.length,
    };
  },
  print: ({ steps, seconds: total, peak_mb, reads, unknown }) => {
    if (steps.length === 0) return "Everything is fresh: nothing would be run.";
    const rows = steps.map((step) => [
      step.asset,
      step.seconds === null ? "–" : duration(step.seconds),
      statusLine(step.status, step.asset),
    ]);
    const time =
      total === null ? "no step has run before" : `about ${duration(total)}${memoryWords(peak_mb)}`;
    const more = unknown > 0 && total !== null ? `, and ${count(unknown)} that never ran` : "";
    return `${table(rows)}\n${counted(steps.length, "step")}, ${time}${more}.${readWords(reads)}`;
  },
});

/** What is written, or stands outside; null where its size is not known. */
function sizeOf({ catalog }: Workspace, asset: AssetKey, partition: PartitionKey): number | null {
  const head = catalog.versions.head(asset, partition);
  return storedBytes(recordOf(head), head?.kind === "observation" ? head.observation.bytes : undefined);
}

function readWords({ bytes: size, isPartial }: ReadBytes): string {
  if (size === null) return isPartial ? " How much is read is not known." : "";
  return ` ${isPartial ? "More than" : "About"} ${bytes(size)} are read.`;
}

function memoryWords(peakMb: number | null): string {
  return peakMb === null ? "" : ` and ${bytes(peakMb * MIB)} of memory`;
}

async function listing(
  workspace: Workspace,
  key: PartitionKey,
  engine: RunEngine | null = null,
): Promise<{ readonly all: ReadonlyMap<AssetKey, AssetStatus>; readonly listed: (key: AssetKey) => Listed }> {
  const { graph } = await workspace.definitions();
  const all = await workspace.statuses(key, engine);
  const listed = (asset: AssetKey): Listed => {
    const at = partitionOf(graph, asset, key);
    const record = workspace.catalog.versions.headRecord(asset, at);
    const definition = graph.assets.get(asset);
    return {
      asset,
      partition: at,
      kind: definition?.kind ?? "",
      status: all.get(asset) ?? { state: "missing" },
      rows: record?.rows ?? null,
      bytes: record?.bytes ?? null,
      seconds: record?.seconds ?? null,
      peak_mb: record?.peakRssMb ?? null,
      automation: definition === undefined ? null : automationView(definition, new Date()),
    };
  };
  return { all, listed };
}
