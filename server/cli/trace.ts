import * as z from "zod";

import type { Graph } from "#graph/graph.ts";
import { upstreamClosure } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import type { IngestSummary, SourceFile } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord, PartitionAttributes } from "#protocol/record.ts";
import { makeCommand } from "#protocol/shell-words.ts";
import { isIncomplete, parseSite } from "#protocol/trace.ts";
import type { Trace } from "#protocol/trace.ts";
import { fileNames, vcfsOf } from "#protocol/vcf-files.ts";

import { recordOf } from "../catalog/versions.ts";
import { inputFiles } from "../runs/input-files.ts";
import { isStored } from "../runs/published-tree.ts";
import type { Workspace } from "../workspace.ts";
import { resolveAsset } from "./asset-place.ts";
import { traceText } from "./trace-text.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  partition: z.string(),
  site: z.string(),
  /** Absent: all modules. */
  module: z.string().optional(),
  /** An asset whose rows are meant: the annotations, or what they are made from or is made from them. */
  asset: z.string().optional(),
  /** Whether the lines of the genome files are looked up, which reads them to their end. */
  lines: z.boolean().default(true),
});
type Parameters = z.output<typeof PARAMETERS>;

export const trace: AnyVerb = defineVerb<Parameters, Trace>({
  name: "trace",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("trace <partition> <site>")
      .description(
        "the lines of the genome file at a site (rsID or CONTIG:POSITION), and what each row of the modules came to",
      )
      .option("--module <name>", "of this module alone")
      .option("--asset <name>", "the annotations that are meant, where there are several")
      .option("--no-lines", "do not read the genome file: what the tables hold")
      .action((partition: string, site: string, options: Pick<Parameters, "module" | "asset" | "lines">) =>
        ask({ partition, site, ...options }),
      );
  },
  async run(parameters, { workspace, signal, progress }) {
    const { site, module = null, lines } = parameters;
    const asked = parseSite(site);
    const { graph } = await workspace.definitions();
    const partition = workspace.partition(parameters.partition);
    const at = await versionsAt({ ...parameters, partition }, graph, workspace);
    const { annotations, without, variants, modules } = at;
    requireModule(module, annotations);
    const { home } = workspace.paths;
    const order = {
      site: asked,
      module,
      annotations: annotations === null ? null : inputFiles(annotations, home),
      without,
      variants: inputFiles(variants, home),
      modules: modules === null ? null : inputFiles(modules, home),
      files: lines ? expectedFiles(variants, workspace.attributes(partition)) : null,
    };
    const kernel = await workspace.kernels.get("interactive");
    const found = (await kernel.call("trace", order, {
      signal,
      progress: (now) => progress(null, now),
    })) as Omit<Trace, "partition" | "site" | "annotations">;
    return { partition, site, annotations: annotations?.asset ?? null, ...found };
  },
  print: traceText,
  failed: isIncomplete,
});

interface Versions {
  /** Null: no module was held against these variants. */
  readonly annotations: AssetRecord | null;
  /** Why that is so; null where one was. */
  readonly without: string | null;
  readonly variants: AssetRecord;
  /** Null: their files are no longer kept. */
  readonly modules: AssetRecord | null;
}

/**
 * The annotations that stand, and the versions that they were made from: what came since has nothing to do with their
 * rows. Of a row of the variants themselves, those that stand.
 *
 * @throws {WorkspaceError} `usage` where it is not clear which are meant, `asset` when the genome is not read, or is no longer kept
 */
async function versionsAt(
  { asset, partition }: { readonly asset?: string | undefined; readonly partition: PartitionKey },
  graph: Graph,
  workspace: Workspace,
): Promise<Versions> {
  const {
    catalog,
    paths: { home },
  } = workspace;
  const near = asset === undefined ? null : (await resolveAsset({ asset, partition }, workspace)).asset;
  const head = (key: AssetKey): AssetRecord | null =>
    catalog.versions.headRecord(key, partitionOf(graph, key, partition));
  const annotations = theOne(ofKind("annotate", graph, near), near, head);
  const [ofVariants, ofModules] =
    annotations === null ? [] : (graph.assets.get(annotations.asset)?.inputs ?? []);
  const madeFrom = (key: AssetKey | undefined): AssetRecord | null => {
    const input = annotations?.inputs.find((one) => one.asset === key);
    return input === undefined
      ? null
      : recordOf(catalog.versions.at(input.asset, input.partition, input.dataVersion));
  };
  const annotated = madeFrom(ofVariants);
  const isOfAnnotations =
    annotations !== null && (near === null || upstreamClosure(graph, [near]).includes(annotations.asset));
  const variants = isOfAnnotations ? annotated : theOne(ofKind("normalise", graph, near), near, head);
  if (variants === null) throw notRead(partition, annotations?.asset ?? ofKind("normalise", graph, near)[0]);
  const nothing = { annotations: null, variants: stored(variants, home), modules: null };
  if (annotations === null)
    return { ...nothing, without: "the sample is not annotated: no module was held against it" };
  if (annotated?.dataVersion !== variants.dataVersion) {
    const earlier = `${annotations.asset} was made from an earlier version of ${variants.asset}: make it again`;
    return { ...nothing, without: earlier };
  }
  const modules = madeFrom(ofModules);
  return {
    annotations: stored(annotations, home),
    without: null,
    variants: stored(variants, home),
    modules: modules !== null && isStored(modules, home) ? modules : null,
  };
}

/** Assets of a kind: the one that an asset is or is made from, else those that it goes into, else all. */
function ofKind(kind: string, graph: Graph, near: AssetKey | null): AssetKey[] {
  const all = graph.order.filter((key) => graph.assets.get(key)?.kind === kind);
  if (near === null) return all;
  const above = new Set(upstreamClosure(graph, [near]));
  const upstream = all.filter((key) => above.has(key)).slice(-1);
  if (upstream.length > 0) return upstream;
  const downstream = all.filter((key) => upstreamClosure(graph, [key]).includes(near));
  return downstream.length > 0 ? downstream : all;
}

/** @throws {WorkspaceError} `usage` when several are made */
function theOne(
  keys: readonly AssetKey[],
  near: AssetKey | null,
  head: (key: AssetKey) => AssetRecord | null,
): AssetRecord | null {
  const made = keys.flatMap((key) => head(key) ?? []);
  const [first] = made;
  if (first === undefined || made.length === 1 || near !== null) return first ?? null;
  throw new WorkspaceError({
    code: "usage",
    message: `there are several: ${made.map(({ asset }) => asset).join(", ")}`,
    hint: `Name one, such as --asset ${first.asset}.`,
  });
}

function stored(record: AssetRecord, home: string): AssetRecord {
  if (isStored(record, home)) return record;
  throw new WorkspaceError({
    code: "asset",
    message: `the files of ${record.asset} of ${record.partition}, as they were in run ${record.run}, are not kept any more`,
    hint: `Make it again: ${makeCommand(record.asset, record.partition)}`,
  });
}

function notRead(partition: PartitionKey, asset: AssetKey | undefined): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `the genome of ${partition} is not read yet`,
    hint: asset === undefined ? "Write a normalise cell." : `Make it first: ${makeCommand(asset, partition)}`,
  });
}

function requireModule(module: string | null, annotations: AssetRecord | null): void {
  if (module === null || annotations === null) return;
  const { modules } = annotations.facts as { readonly modules: readonly { readonly name: string }[] };
  if (modules.some(({ name }) => name === module)) return;
  throw new WorkspaceError({
    code: "usage",
    message: `no module of ${annotations.asset}: ${module}`,
    hint: `Name one of ${modules.map(({ name }) => name).join(", ")}.`,
  });
}

/** The genome files that were read, each with where the sample has it now. */
function expectedFiles(
  { facts }: AssetRecord,
  attributes: PartitionAttributes,
): readonly (SourceFile & { readonly path: string | null })[] {
  const { source } = facts as IngestSummary;
  const paths = vcfsOf(attributes);
  const names = fileNames(paths);
  const files = source.files ?? [source];
  return files.map(({ name, bytes, sha256 }, index) => {
    // A file may have been moved and be called otherwise: as long as there are as many, each is in its place.
    const at = files.length === paths.length ? index : names.indexOf(name);
    return { name, bytes, sha256, path: paths[at] ?? null };
  });
}
