import { existsSync } from "node:fs";

import * as z from "zod";

import { partitionOf } from "#graph/staleness.ts";
import type { TableDiff } from "#protocol/diff.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { count, counted } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";
import { historyCommand, makeCommand } from "#protocol/shell-words.ts";
import type { DiffResult, DiffSide } from "#protocol/verb-results.ts";

import { recordOf } from "../catalog/versions.ts";
import { objectPath } from "../runs/published-tree.ts";
import { findVersion, previousTo, versionsOf } from "../versions.ts";
import type { Workspace } from "../workspace.ts";
import { resolveAsset } from "./asset-place.ts";
import { ofPartition, table, weight } from "./format.ts";
import { namesIn } from "./names-in.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  asset: z.string(),
  partition: z.string().optional(),
  /** Another partition: its version is the later one. */
  other: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  key: z.array(z.string()).default([]),
});
type Parameters = z.output<typeof PARAMETERS>;

export const diff: AnyVerb = defineVerb<Parameters, DiffResult>({
  name: "diff",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("diff <asset> [partition] [other]")
      .description("what is different between two versions of a table, or between two samples")
      .option("--before <version>", "a run, the start of a data version, a time, or previous (the default)")
      .option("--after <version>", "likewise; default: head, the one that stands")
      .option("--key <a,b>", "columns that say which row is which", namesIn)
      .action((asset: string, partition: string | undefined, other: string | undefined, options) =>
        ask({ asset, partition, other, ...options }),
      );
  },
  async run(parameters, { workspace, signal }) {
    const { asset, before, after } = await chosen(parameters, workspace);
    const sides = [tableOf(workspace, before), tableOf(workspace, after)] as const;
    const kernel = await workspace.kernels.get("interactive");
    const request = { before: sides[0].path, after: sides[1].path, key: parameters.key };
    return {
      ...((await kernel.call("diff-tables", request, { signal })) as TableDiff),
      asset,
      table: sides[1].asset,
      before: sideOf(before),
      after: sideOf(after),
    };
  },
  print: (result) => printed(result),
});

interface Chosen {
  readonly asset: AssetKey;
  readonly before: AssetRecord;
  readonly after: AssetRecord;
}

async function chosen(parameters: Parameters, workspace: Workspace): Promise<Chosen> {
  const { partition, other, before, after } = parameters;
  const { graph } = await workspace.definitions();
  const { asset, partition: wanted } = await resolveAsset({ asset: parameters.asset, partition }, workspace);
  const at = (of: PartitionKey): PartitionKey => partitionOf(graph, asset, of);
  const older = versionsOf(workspace.catalog, asset, at(wanted));
  requireMade(older, asset, at(wanted));
  if (other !== undefined) {
    const newer = versionsOf(workspace.catalog, asset, at(workspace.partition(other)));
    requireMade(newer, asset, at(workspace.partition(other)));
    return {
      asset,
      before: findVersion(older, before ?? "head"),
      after: findVersion(newer, after ?? "head"),
    };
  }
  const newer = findVersion(older, after ?? "head");
  const old = before === undefined ? previousTo(older, newer) : findVersion(older, before);
  if (old !== undefined) return { asset, before: old, after: newer };
  throw new WorkspaceError({
    code: "asset",
    message: `${asset} was made only once: there is nothing to compare`,
    hint: "Change what it is made from and run it again, or compare it with another sample.",
  });
}

function requireMade(versions: readonly AssetRecord[], asset: AssetKey, partition: PartitionKey): void {
  if (versions.length > 0) return;
  throw new WorkspaceError({
    code: "asset",
    message: `${asset}${ofPartition(partition)} was never made`,
    hint: `Make it first: ${makeCommand(asset, partition)}`,
  });
}

/** The table of a version; of a report, the table that it was made from, as it was. */
function tableOf({ catalog, paths }: Workspace, record: AssetRecord): { asset: AssetKey; path: string } {
  const made = record.inputs.flatMap(({ asset, partition, dataVersion }) => {
    return recordOf(catalog.versions.at(asset, partition, dataVersion)) ?? [];
  });
  for (const one of record.table === null ? made : [record]) {
    const file = one.files.find(({ name }) => name === one.table);
    if (file === undefined) continue;
    const path = objectPath(paths.home, file.hash);
    if (existsSync(path)) return { asset: one.asset, path };
    throw new WorkspaceError({
      code: "asset",
      message: `the files of run ${one.run} are not kept any more`,
      hint: `Choose a later version: ${historyCommand(one.asset, one.partition)}`,
    });
  }
  throw new WorkspaceError({
    code: "asset",
    message: `${record.asset} is no table, nor made from one`,
    hint: "Compare what it is made from.",
  });
}

function sideOf({ partition, run, madeAt, dataVersion }: AssetRecord): DiffSide {
  return { partition, run, made_at: madeAt, data_version: dataVersion };
}

function printed(result: DiffResult): string {
  const { counts, key, columns, modules } = result;
  const head = `${result.table}: ${sideWords(result.before, result)} → ${sideWords(result.after, result)}`;
  const moved = counts.added + counts.removed + counts.changed;
  if (moved === 0) return `${head}\nNothing is different: ${counted(counts.after, "row")}.`;
  const changed = columns.filter(({ rows }) => rows > 0).map(({ name, rows }) => `${name} in ${count(rows)}`);
  return [
    head,
    `${counted(counts.before, "row")} before, ${count(counts.after)} after: ${count(counts.added)} added, ${count(counts.removed)} removed, ${count(counts.changed)} changed.`,
    `A row is known by ${key.columns.join(", ")}.`,
    ...(changed.length === 0 ? [] : [`Changed: ${changed.join(", ")}.`]),
    ...columns.flatMap(({ name, is }) => (is === "compared" ? [] : [`Column ${is}: ${name}.`])),
    ...(modules === null ? [] : ["", moduleTable(modules)]),
    "",
    ...result.rows.slice(0, MOST_PRINTED).map((row) => rowWords(row)),
    ...(moved > MOST_PRINTED ? [`… and ${count(moved - MOST_PRINTED)} more; --json lists up to 500.`] : []),
  ].join("\n");
}

const MOST_PRINTED = 50;

function sideWords({ partition, run, made_at }: DiffSide, { before, after }: DiffResult): string {
  const whose = before.partition === after.partition ? "" : `${partition} `;
  return `${whose}run ${run} (${made_at})`;
}

function moduleTable(modules: NonNullable<TableDiff["modules"]>): string {
  const moved = modules.filter(({ added, removed, changed }) => added + removed + changed > 0);
  return table([
    ["Module", "Added", "Removed", "Changed", "Net weight before", "after"],
    ...moved.map((one) => [
      one.module,
      String(one.added),
      String(one.removed),
      String(one.changed),
      weight(one.net_weight_before),
      weight(one.net_weight_after),
    ]),
  ]);
}

function rowWords({ kind, key, cells }: TableDiff["rows"][number]): string {
  const values = cells.map(({ column, before, after }) =>
    kind === "changed"
      ? `${column} ${shown(before)} → ${shown(after)}`
      : `${column} ${shown(kind === "added" ? after : before)}`,
  );
  const mark = { added: "+", removed: "-", changed: "~" }[kind];
  return `${mark} ${key.map((value) => shown(value)).join(" ")}  ${(kind === "changed" ? values : values.slice(0, 4)).join("; ")}`;
}

const LONGEST_VALUE = 60;

/** On one line, and no longer than says what it is. */
function shown(value: string | null): string {
  if (value === null) return "–";
  const line = value.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
}
