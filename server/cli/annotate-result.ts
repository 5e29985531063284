import { resolve } from "node:path";

import { findingsOf, moduleOutcome, silenceWords } from "#protocol/annotation.ts";
import type {
  AnnotationManifest,
  BuildEvidence,
  Finding,
  IngestSummary,
  ModuleOutcome,
  ModuleResult,
} from "#protocol/annotation.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { fileKindWords } from "#protocol/file-kind-words.ts";
import { findingWords } from "#protocol/finding-words.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import { MIB, bytes, count, duration } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { RunView } from "#protocol/view.ts";

import { partitionDirectory } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { errorText, weight } from "./format.ts";

export const REPORT: AssetKey = "user_longevity_report" as AssetKey;
export const ANNOTATIONS: AssetKey = "user_hf_module_annotations" as AssetKey;

export interface AnnotateResult {
  readonly run: RunId;
  readonly state: RunView["state"];
  readonly partition: PartitionKey;
  /** Whether anything had to be made. */
  readonly unchanged: boolean;
  readonly records: { read: number; kept: number; removed: Readonly<Record<string, number>> } | null;
  readonly findings: readonly Finding[];
  readonly build: BuildEvidence | null;
  readonly file: Pick<IngestSummary, "kind" | "caller"> | null;
  readonly modules: readonly (Pick<
    ModuleResult,
    | "name"
    | "version"
    | "digest"
    | "status"
    | "reason"
    | "probed"
    | "matched"
    | "restored"
    | "positive"
    | "negative"
    | "net_weight"
    | "by_category"
    | "presence"
    | "path"
  > & { readonly outcome: ModuleOutcome })[];
  /** Path of the HTML report; null when it was not made. */
  readonly report: string | null;
  readonly error: ErrorInfo | null;
  readonly duration_seconds: number;
  /** High-water marks of this process and of the kernel, added up: never less than the true peak. */
  readonly peak_rss_mb: number;
}

/** What a run made, or found made. */
export function annotationSummary(
  run: RunId,
  view: RunView,
  partition: PartitionKey,
  workspace: Workspace,
): Omit<AnnotateResult, "unchanged" | "duration_seconds" | "peak_rss_mb"> {
  // What a run did not have to make, or made, is what it answers with; what failed in it is not.
  const current = (key: AssetKey): AssetRecord | null => {
    const step = view.steps.find(({ asset }) => asset === key);
    const good = step === undefined || step.state === "done" || step.reason === "unchanged";
    return good ? workspace.catalog.versions.headRecord(key, partition) : null;
  };
  const manifest = (current(ANNOTATIONS)?.facts ?? null) as AnnotationManifest | null;
  const file = current(REPORT)?.files.find(({ name }) => name.endsWith(".html"));
  const directory = partitionDirectory(workspace.paths.output, partition);
  // What failed in a run that is done is a module, and told of as one.
  const failure = view.state === "done" ? undefined : view.steps.find(({ state }) => state === "failed");
  return {
    run,
    state: view.state,
    partition,
    records:
      manifest === null
        ? null
        : {
            read: manifest.ingest.records.read,
            kept: manifest.ingest.records.kept,
            removed: manifest.ingest.records.removed,
          },
    findings: manifest === null ? [] : findingsOf(manifest.ingest, workspace.attributes(partition).sex),
    build: manifest?.ingest.build ?? null,
    file: manifest === null ? null : { kind: manifest.ingest.kind, caller: manifest.ingest.caller },
    modules: (manifest?.modules ?? []).map((module) => ({
      name: module.name,
      version: module.version,
      digest: module.digest,
      status: module.status,
      outcome: moduleOutcome(module),
      reason: module.reason,
      probed: module.probed,
      matched: module.matched,
      restored: module.restored,
      positive: module.positive,
      negative: module.negative,
      net_weight: module.net_weight,
      by_category: module.by_category,
      presence: module.presence,
      path: module.path === null ? null : resolve(directory, module.path),
    })),
    report: file === undefined ? null : resolve(directory, file.name),
    error: failure?.error ?? null,
  };
}

/** Highest of the steps of a run: they share one kernel, so its mark only rises. */
export function peakMbOf(run: RunId, workspace: Workspace): number {
  return workspace.catalog
    .eventsOfRun(run)
    .reduce(
      (peak, { event }) => (event.type === "materialised" ? Math.max(peak, event.record.peakRssMb) : peak),
      0,
    );
}

/** The same for people. */
export function annotationText(result: AnnotateResult): string {
  const lines = [`Partition  ${result.partition}`, `Run        ${result.run} · ${result.state}`];
  if (result.file !== null)
    lines.push(
      `File       ${fileKindWords(result.file.kind)}${result.file.caller === null ? "" : ` · ${result.file.caller}`}`,
    );
  if (result.build !== null)
    lines.push(`Build      ${result.build.detected ?? "not stated"}, ${result.build.how}`);
  if (result.records !== null) {
    const removed = Object.entries(result.records.removed).filter(([, n]) => n > 0);
    lines.push(`Records    ${count(result.records.kept)} kept of ${count(result.records.read)}`);
    for (const [rule, n] of removed) lines.push(`           ${count(n)} removed by ${rule}`);
  }
  for (const finding of result.findings) {
    const told = finding.first ?? findingWords(finding.kind);
    lines.push(`Finding    ${finding.kind} × ${count(finding.count)}${told === null ? "" : `, ${told}`}`);
    if (finding.kind === "RULE_REMOVES_MOST")
      lines.push("           Change the rules in their cell (karyon start), and annotate again.");
  }
  const width = Math.max(16, ...result.modules.map(({ name }) => name.length + 1));
  for (const module of result.modules) lines.push(`${module.name.padEnd(width)}${moduleText(module)}`);
  if (result.report !== null) lines.push(`Report     ${result.report}`);
  if (result.error !== null) lines.push(`Failed     ${errorText(result.error)}`);
  lines.push(
    result.unchanged
      ? "Nothing had changed: nothing was done."
      : `Time       ${duration(result.duration_seconds)} · peak memory ${bytes(result.peak_rss_mb * MIB)}`,
  );
  return lines.join("\n");
}

function moduleText(module: AnnotateResult["modules"][number]): string {
  const sites = Object.values(module.presence).reduce((sum, one) => sum + one, 0);
  switch (module.outcome) {
    case "found":
      return `${count(module.matched)} matched of ${count(module.probed)} probed · ${module.positive} raise · ${module.negative} lower · net ${weight(module.net_weight)}${module.restored === 0 ? "" : ` · ${count(module.restored)} inferred, apart`}`;
    case "none_found":
      return `none found · ${count(module.probed)} probed`;
    case "could_not_look":
      return `could not look: ${silenceWords(module)} at its ${count(sites)} ${sites === 1 ? "site" : "sites"}`;
    case "skipped":
    case "failed":
      return `${module.outcome}: ${module.reason ?? ""}`;
  }
}
