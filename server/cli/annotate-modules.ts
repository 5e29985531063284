import { access } from "node:fs/promises";
import { basename, resolve } from "node:path";

import * as z from "zod";

import { nearest } from "#graph/nearest.ts";
import type { AnnotationManifest, BuildEvidence, Finding, ModuleResult } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { isDimension, partitionKey } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import type { RunView } from "#protocol/view.ts";

import { partitionDirectory } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { count, errorText, seconds, weight } from "./format.ts";
import { endOfRun } from "./follow-run.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const REPORT = "user_longevity_report" as AssetKey;
const ANNOTATIONS = "user_hf_module_annotations" as AssetKey;

const PARAMETERS = z.strictObject({
  vcf: z.string(),
  user: z.string(),
  sample: z.string().optional(),
  /** Sample column to read, for a file of several. */
  vcfSample: z.string().optional(),
  modules: z.array(z.string()).optional(),
});

const INSPECTION = z.object({ samples: z.array(z.string()) });
/** Names of samples that a question lists. */
const SAMPLES_SHOWN = 12;

export interface AnnotateResult {
  readonly run: RunId;
  readonly state: RunView["state"];
  readonly partition: PartitionKey;
  /** Whether anything had to be made. */
  readonly unchanged: boolean;
  readonly records: { read: number; kept: number; removed: Readonly<Record<string, number>> } | null;
  readonly findings: readonly Finding[];
  readonly build: BuildEvidence | null;
  readonly modules: readonly Pick<
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
  >[];
  /** Path of the HTML report; null when it was not made. */
  readonly report: string | null;
  readonly error: ErrorInfo | null;
  readonly duration_seconds: number;
  /** High-water marks of this process and of the kernel, added up: never less than the true peak. */
  readonly peak_rss_mb: number;
}

export const annotateModules: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, AnnotateResult>({
  name: "annotate-modules",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("annotate-modules")
      .description("annotate a VCF with modules and write the report")
      .requiredOption("--vcf <file>", "the VCF: plain, gzip or bgzip")
      .requiredOption("-u, --user <user>", "whose genome it is")
      .option(
        "--sample <name>",
        "name of the sample (default: the file's name); in a file of several, the one to read",
      )
      .option("--vcf-sample <column>", "sample column to read, when it is to have another name here")
      .option("--modules <a,b>", "modules to use (default: all)", (value) => value.split(","))
      .action(({ vcf, ...options }) => ask({ ...options, vcf: resolve(vcf) }));
    program
      .command("annotate <file>")
      .description("short for annotate-modules")
      .requiredOption("-u, --user <user>", "whose genome it is")
      .option("-m, --module <name...>", "module to use; may be given several times (default: all)")
      .option("--all-modules", "use all modules (the default)")
      .option(
        "--sample <name>",
        "name of the sample (default: the file's name); in a file of several, the one to read",
      )
      .option("--vcf-sample <column>", "sample column to read, when it is to have another name here")
      .action((vcf: string, { module, allModules, ...options }) =>
        ask({
          ...options,
          vcf: resolve(vcf),
          ...(module === undefined || allModules ? {} : { modules: module }),
        }),
      );
  },
  async run(parameters, scope) {
    const started = performance.now();
    const { workspace, signal } = scope;
    const vcf = resolve(workspace.paths.root, parameters.vcf);
    const readable = await access(vcf).then(
      () => true,
      () => false,
    );
    if (!readable) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such file: ${vcf}`,
        hint: "Give the path of a VCF.",
      });
    }
    const partition = partitionKey(parameters.user, parameters.sample ?? sampleNamedBy(vcf));
    // The definitions are read while the kernel starts.
    const [column] = await Promise.all([
      parameters.vcfSample ?? columnNamed(parameters.sample, vcf, scope),
      workspace.definitions(),
    ]);
    const attributes: PartitionAttributes = {
      vcf,
      ...(column === undefined ? {} : { vcf_sample: column }),
      ...(parameters.modules === undefined
        ? {}
        : { modules: await knownModules(parameters.modules, workspace) }),
    };
    refuseOtherFile(partition, vcf, workspace);
    workspace.setPartition(partition, attributes);
    const live = await workspace.startRun(`+${REPORT}`, partition, { signal });
    const view = await endOfRun(live, scope);
    const kernel = workspace.catalog.head(ANNOTATIONS, partition);
    const made = view.steps.some(({ state }) => state === "done");
    return {
      ...summary(live.id, view, partition, workspace),
      unchanged: view.state === "done" && !made,
      duration_seconds: (performance.now() - started) / 1000,
      peak_rss_mb: Math.round(
        process.resourceUsage().maxRSS / 1024 +
          (kernel?.kind === "record" && made ? peakOf(live.id, workspace) : 0),
      ),
    };
  },
  failed: (result) => result.state !== "done",
  print: (result) => printed(result),
});

function summary(
  run: RunId,
  view: RunView,
  partition: PartitionKey,
  workspace: Workspace,
): Omit<AnnotateResult, "unchanged" | "duration_seconds" | "peak_rss_mb"> {
  // What a run did not have to make, or made, is what it answers with; what failed in it is not.
  const current = (key: AssetKey): ReturnType<Workspace["catalog"]["head"]> => {
    const step = view.steps.find(({ asset }) => asset === key);
    const good = step === undefined || step.state === "done" || step.reason === "unchanged";
    return good ? workspace.catalog.head(key, partition) : null;
  };
  const annotations = current(ANNOTATIONS);
  const manifest = annotations?.kind === "record" ? (annotations.record.facts as AnnotationManifest) : null;
  const report = current(REPORT);
  const file =
    report?.kind === "record" ? report.record.files.find(({ name }) => name.endsWith(".html")) : undefined;
  const directory = partitionDirectory(workspace.paths.output, partition);
  const failure = view.steps.find(({ state }) => state === "failed");
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
    findings: manifest?.ingest.findings ?? [],
    build: manifest?.ingest.build ?? null,
    modules: (manifest?.modules ?? []).map((module) => ({
      name: module.name,
      version: module.version,
      digest: module.digest,
      status: module.status,
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
function peakOf(run: RunId, workspace: Workspace): number {
  return workspace.catalog
    .eventsOfRun(run)
    .reduce(
      (peak, { event }) => (event.type === "materialised" ? Math.max(peak, event.record.peakRssMb) : peak),
      0,
    );
}

/**
 * Sample column of a file of several: `--sample` names the sample and, there, its column too.
 *
 * @throws {WorkspaceError} `usage` when the file has several and none is chosen, or not one of them
 */
async function columnNamed(
  sample: string | undefined,
  path: string,
  { workspace, signal }: VerbScope,
): Promise<string | undefined> {
  const kernel = await workspace.kernels.get("work");
  const { samples } = INSPECTION.parse(await kernel.call("inspect-vcf", { path }, { signal }));
  if (samples.length < 2) return undefined;
  const near = sample === undefined ? null : nearest(sample, samples);
  if (sample !== undefined && samples.includes(sample)) return sample;
  const shown = samples.slice(0, SAMPLES_SHOWN).join(", ");
  throw new WorkspaceError({
    code: "usage",
    message:
      sample === undefined
        ? `${basename(path)} has ${count(samples.length)} samples, one has to be chosen`
        : `${basename(path)} has no sample ${sample}`,
    hint:
      near === null
        ? `Name one with --sample: ${shown}${samples.length > SAMPLES_SHOWN ? ", …" : ""}.`
        : `Write --sample ${near} if that is what you mean.`,
  });
}

/**
 * The file's name without what says that it is a VCF.
 *
 * @throws {WorkspaceError} `usage` when that cannot be the name of a sample
 */
function sampleNamedBy(vcf: string): string {
  const name = basename(vcf).replace(/(?:\.g)?\.vcf(?:\.b?gz)?$/i, "") || basename(vcf);
  if (isDimension(name)) return name;
  throw new WorkspaceError({
    code: "usage",
    message: `a sample cannot be called as its file is: ${JSON.stringify(name)}`,
    hint: "Give it a name with --sample.",
  });
}

/** Names as the workspace spells them; case does not count. */
async function knownModules(wanted: readonly string[], workspace: Workspace): Promise<string[]> {
  const { graph } = await workspace.definitions();
  const names = graph.order
    .filter((key) => key.startsWith("modules/"))
    .map((key) => key.slice("modules/".length));
  return wanted.map((name) => {
    const found = names.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    if (found !== undefined) return found;
    const near = nearest(name, names);
    throw new WorkspaceError({
      code: "usage",
      message: `unknown module: ${name}`,
      hint: near === null ? `There are ${names.join(", ")}.` : `Write ${near} if that is what you mean.`,
    });
  });
}

/** Two files must not take turns under one name: results of the one would be shown as the other's. */
function refuseOtherFile(partition: PartitionKey, vcf: string, workspace: Workspace): void {
  const before = workspace.attributes(partition).vcf;
  if (before === undefined || before === vcf) return;
  throw new WorkspaceError({
    code: "usage",
    message: `${partition} is another file: ${before}`,
    hint: `Name this one with --sample, or point the partition to it: karyon partitions add ${partition} --vcf FILE`,
  });
}

function printed(result: AnnotateResult): string {
  const lines = [`Partition  ${result.partition}`, `Run        ${result.run} · ${result.state}`];
  if (result.build !== null)
    lines.push(`Build      ${result.build.detected ?? "not stated"}, ${result.build.how}`);
  if (result.records !== null) {
    const removed = Object.entries(result.records.removed).filter(([, n]) => n > 0);
    lines.push(`Records    ${count(result.records.kept)} kept of ${count(result.records.read)}`);
    for (const [rule, n] of removed) lines.push(`           ${count(n)} removed by ${rule}`);
  }
  for (const finding of result.findings) {
    lines.push(
      `Finding    ${finding.kind} × ${count(finding.count)}${finding.first === null ? "" : `, ${finding.first}`}`,
    );
  }
  for (const module of result.modules) {
    lines.push(
      module.status === "annotated"
        ? `${module.name.padEnd(16)}${count(module.matched)} matched of ${count(module.probed)} probed · ${module.positive} raise · ${module.negative} lower · net ${weight(module.net_weight)}`
        : `${module.name.padEnd(16)}${module.status}: ${module.reason ?? ""}`,
    );
  }
  if (result.report !== null) lines.push(`Report     ${result.report}`);
  if (result.error !== null) lines.push(`Failed     ${errorText(result.error)}`);
  lines.push(
    result.unchanged
      ? "Nothing had changed: nothing was done."
      : `Time       ${seconds(result.duration_seconds)} · peak memory ${count(result.peak_rss_mb)} MB`,
  );
  return lines.join("\n");
}
