import * as z from "zod";

import { runEngine } from "#graph/run-engine.ts";
import type { RunEngine } from "#graph/run-engine.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { plan as planSteps } from "../session/plan.ts";
import { shownStatus } from "../shown-status.ts";
import { bytes, count, seconds, statusLine, table } from "./format.ts";
import { ENGINE_OPTION } from "./runs.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

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
}

export const ls: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, { readonly assets: readonly Listed[] }>({
  name: "ls",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("ls [selection]")
      .description("assets and their states, as they were last looked at; a selection by state looks anew")
      .option("--partition <key>", "USER/SAMPLE")
      .action((select: string | undefined, options) =>
        ask({ ...options, ...(select === undefined ? {} : { select }) }),
      );
  },
  async run({ select, partition }, scope) {
    const { workspace, signal } = scope;
    const { graph } = await workspace.definitions();
    const at = workspace.partition(partition);
    const keys = select === undefined ? graph.order : await workspace.selected(select, graph, at, signal);
    const { listed } = await listing(partition, scope);
    return {
      assets: keys.map((key) => {
        const one = listed(key);
        return { ...one, status: shownStatus(workspace.catalog, graph, key, at, one.status) };
      }),
    };
  },
  print: ({ assets }) =>
    table([
      ["Asset", "Kind", "Rows", "Size", "State"],
      ...assets.map(({ asset, kind, rows, bytes: size, status }) => [
        asset,
        kind,
        rows === null ? "" : count(rows),
        size === null ? "" : bytes(size),
        statusLine(status),
      ]),
    ]),
});

const PLAN = z.strictObject({
  select: z.string(),
  partition: z.string().optional(),
  engine: z.string().exactOptional(),
});

interface Planned {
  readonly steps: readonly Listed[];
  /** By what each took the last time; null when nothing is known. */
  readonly seconds: number | null;
  /** Steps that were never made, which the time leaves out. */
  readonly unknown: number;
}

export const plan: AnyVerb = defineVerb<z.output<typeof PLAN>, Planned>({
  name: "plan",
  parameters: PLAN,
  declare(program, ask) {
    program
      .command("plan <selection>")
      .description("what a run would make, why, and how long that took the last time; nothing is run")
      .option("--partition <key>", "USER/SAMPLE")
      .option(...ENGINE_OPTION)
      .action((select: string, options) => ask({ select, ...options }));
  },
  async run({ select, partition, engine: name }, scope) {
    const { workspace, signal } = scope;
    const at = workspace.partition(partition);
    const graph = await workspace.graphOf(at);
    const targets = await workspace.selected(select, graph, at, signal);
    const engine = name === undefined ? null : runEngine(name, graph, targets);
    await workspace.observe(targets, at, signal);
    const { all, listed } = await listing(partition, scope, engine);
    const steps = planSteps(graph, targets, all).map((key) => listed(key));
    const known = steps.flatMap((step) => step.seconds ?? []);
    return {
      steps,
      seconds: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0),
      unknown: steps.length - known.length,
    };
  },
  print: ({ steps, seconds: total, unknown }) => {
    if (steps.length === 0) return "Everything is fresh: nothing would be run.";
    const rows = steps.map((step) => [
      step.asset,
      step.seconds === null ? "–" : seconds(step.seconds),
      statusLine(step.status),
    ]);
    const time = total === null ? "no step has run before" : `about ${seconds(total)}`;
    const more = unknown > 0 && total !== null ? `, and ${count(unknown)} that never ran` : "";
    return `${table(rows)}\n${count(steps.length)} steps, ${time}${more}.`;
  },
});

async function listing(
  partition: string | undefined,
  { workspace }: VerbScope,
  engine: RunEngine | null = null,
): Promise<{ readonly all: ReadonlyMap<AssetKey, AssetStatus>; readonly listed: (key: AssetKey) => Listed }> {
  const key = workspace.partition(partition);
  const { graph } = await workspace.definitions();
  const all = await workspace.statuses(key, engine);
  const listed = (asset: AssetKey): Listed => {
    const at = partitionOf(graph, asset, key);
    const head = workspace.catalog.head(asset, at);
    const record = head?.kind === "record" ? head.record : null;
    return {
      asset,
      partition: at,
      kind: graph.assets.get(asset)?.kind ?? "",
      status: all.get(asset) ?? { state: "missing" },
      rows: record?.rows ?? null,
      bytes: record?.bytes ?? null,
      seconds: record?.seconds ?? null,
    };
  };
  return { all, listed };
}
