import type { ErrorInfo } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { bytes, counted, signed, timeLeft } from "#protocol/numerals.ts";
import { fractionOf } from "#protocol/record.ts";
import type { AssetRecord, AssetStatus, Progress, StaleCause } from "#protocol/record.ts";

import type { DerivedOutput } from "../catalog/events.ts";

/** Of what is wrong with a module the first lines are told; `check` tells all. */
const MOST_LINES = 5;
/** Assets that a change of software names. */
const MOST_NAMED = 3;

/** A weight with its sign; `–` for none. */
export function weight(value: number | null): string {
  return value === null ? "–" : signed(value);
}

/** ` of anna/genome`, to be written behind an asset; empty for an asset without partitions. */
export function ofPartition(partition: PartitionKey): string {
  return partition === WHOLE ? "" : ` of ${partition}`;
}

/** `stale: modules/coronary: variants.csv changed`; `of`: the asset that it is the status of. */
export function statusLine(status: AssetStatus, of: AssetKey): string {
  switch (status.state) {
    case "stale":
      return `stale: ${causesText(status.causes, of)}`;
    case "held":
      return status.behind === 0
        ? "held"
        : `held, ${counted(status.behind, "version")} behind: ${causesText(status.causes, of)}`;
    case "disabled":
      return `disabled: ${status.by} is turned off`;
    case "unknown":
      return `unknown: nobody looked at ${status.upstream} yet`;
    case "failed":
      return `failed${status.run === 0 ? "" : ` in run ${status.run}`}: ${[status.error.message, ...linesOf(status.error, 1)].join(": ")}`;
    case "running":
      return `running in run ${status.run}`;
    case "missing":
      return status.because === "erased" ? "missing: what it was made from was erased" : "missing";
    case "fresh":
    case "untrusted":
      return status.state;
  }
}

/** `compared of anna/genome, which was made from it, 2 versions` */
export function derivedWords({ asset, partition, versions }: DerivedOutput): string {
  return `${asset}${ofPartition(partition)}, which was made from it, ${counted(versions, "version")}`;
}

/** `polars 0.24.1, chosen for its run`; of what no engine took part in, the software. */
export function madeBy({ engine, runEngine, software }: AssetRecord): string {
  return `${engine ?? software}${runEngine === undefined ? "" : ", chosen for its run"}`;
}

/** What changed, from its root on; one change of software once, however much it made beside the asset that is told of. */
export function causesText(causes: readonly StaleCause[], of: AssetKey): string {
  const software = causes.filter((cause) => cause.kind === "software");
  const changes = [...new Set(software.map(({ detail }) => detail))].map((change) => {
    const made = software
      .filter(({ detail, asset }) => detail === change && asset !== of)
      .map(({ asset }) => asset);
    const more = made.length - MOST_NAMED;
    if (made.length === 0) return change;
    return `${change}, which made ${made.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  });
  const others = causes.filter((cause) => cause.kind !== "software");
  return [...others.map(causeText), ...changes].join("; ");
}

function causeText(cause: StaleCause): string {
  const whose = "partition" in cause ? ` of ${cause.partition}` : "";
  return `${cause.asset}${whose}: ${cause.detail ?? ("change" in cause ? cause.change : cause.kind)}`;
}

/** What is wrong with a module, line by line, up to a number of them: its message says only that something is. */
function linesOf({ code, detail }: ErrorInfo, most: number): readonly string[] {
  return code === "module" && detail !== undefined ? detail.split("\n").slice(0, most) : [];
}

/** Message, place and hint of an error, each on its line; of a module also the lines to correct. */
export function errorText(error: ErrorInfo): string {
  const span = error.span === undefined ? "" : `:${error.span.line}:${error.span.column}`;
  const place = error.at ?? (error.cell === undefined ? undefined : `cell ${error.cell}${span}`);
  const first = place === undefined ? error.message : `${place}: ${error.message}`;
  return [first, ...linesOf(error, MOST_LINES), ...(error.hint === undefined ? [] : [error.hint])].join(
    "\n  ",
  );
}

/** `reading genome.vcf.gz · 1,204,113 records · 41.0 of 96.1 MB · ≈ 3 s left`. */
export function progressText(progress: Progress, elapsedSeconds: number): string {
  const parts = [progress.phase];
  if (progress.records !== undefined) parts.push(counted(progress.records, "record"));
  if (progress.bytes !== undefined) {
    parts.push(
      progress.totalBytes === undefined
        ? bytes(progress.bytes)
        : `${bytes(progress.bytes)} of ${bytes(progress.totalBytes)}`,
    );
  }
  const fraction = fractionOf(progress);
  if (fraction !== null && fraction > 0.02 && fraction < 1 && elapsedSeconds > 1) {
    parts.push(timeLeft((elapsedSeconds / fraction) * (1 - fraction)));
  }
  return parts.join(" · ");
}

/** Rows as columns that line up; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
