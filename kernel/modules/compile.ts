import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";
import type { ModuleIdentity } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { canonicalJson, contentDigest } from "./digest.ts";
import { lintModule } from "./lint.ts";
import type { LintFinding } from "./lint.ts";
import { loadModule } from "./load.ts";
import { isBroken } from "./module.ts";
import type { AuthoredModule } from "./module.ts";
import { problemText } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { ANNOTATION_COLUMNS, annotationRows, STUDY_COLUMNS, studyRows } from "./rows.ts";
import { WEIGHT_COLUMNS, weightRows } from "./rows.ts";
import type { Columns, CompiledRow } from "./rows.ts";
import type { ModuleSpec } from "./spec.ts";
import { foreignGenotypes, statsOf } from "./validate.ts";
import type { ModuleStats } from "./validate.ts";

/** Rows that go to the engine in one text. */
const CHUNK_ROWS = 5_000;

/** `manifest.json` of a compiled module. */
export interface CompiledManifest {
  readonly format: "karyon.module/1";
  readonly module: ModuleSpec;
  readonly stats: ModuleStats & {
    /** Rows of `weights`: genotypes, once for each locus. */
    readonly rows: number;
    /** Distinct variants, and how many of them have a coordinate. */
    readonly sites: number;
    readonly placed: number;
  };
  readonly compilation: {
    readonly fully_resolved: boolean;
    /** rsIDs or keys without a coordinate. */
    readonly unplaced: readonly string[];
    /** Genotypes with an allele that the locus does not have: never corrected, hardly matchable. */
    readonly alleles_not_at_locus: readonly {
      readonly variant: string;
      readonly genotype: string;
      readonly locus: string;
      readonly strand_suspect: boolean;
    }[];
    /** Variants whose rsID resolves to several places. */
    readonly several_loci: readonly string[];
    /** Genotypes in homolog order, which an unphased call cannot match. */
    readonly phased: number;
    readonly warnings: readonly string[];
    readonly findings: readonly LintFinding[];
  };
  readonly artifact: {
    /** Identity of the content; see `digest.ts`. */
    readonly digest: string;
    /** `sha256` over the bytes of the file, `content` over its rows. */
    readonly files: readonly {
      readonly name: string;
      readonly bytes: number;
      readonly rows: number;
      readonly sha256: string;
      readonly content: string;
    }[];
  };
}

/** A module that is ready to match. */
export interface CompiledModule {
  readonly identity: ModuleIdentity;
  /** Holds `weights.parquet`, `annotations.parquet`, `studies.parquet` and `manifest.json`. */
  readonly directory: string;
  readonly manifest: CompiledManifest;
}

/**
 * Compiles the module of one folder into a directory, which is made when needed. The same input gives the same bytes.
 *
 * @throws {WorkspaceError} `module` with every error in `detail` when the module is broken
 */
export async function compileModule(
  folder: string,
  directory: string,
  connection: Connection,
  signal?: AbortSignal,
): Promise<CompiledModule> {
  const module = await loadModule(folder);
  if (isBroken(module)) throw brokenError(module.name, module.problems);
  return compileAuthored(module, directory, connection, signal);
}

/** As {@link compileModule}, from a module that is read already. */
export async function compileAuthored(
  module: AuthoredModule,
  directory: string,
  connection: Connection,
  signal?: AbortSignal,
): Promise<CompiledModule> {
  await mkdir(directory, { recursive: true });
  const weights = weightRows(module);
  const tables = [
    { name: "weights", columns: WEIGHT_COLUMNS, rows: weights },
    { name: "annotations", columns: ANNOTATION_COLUMNS, rows: annotationRows(module) },
    { name: "studies", columns: STUDY_COLUMNS, rows: studyRows(module) },
  ];
  const files: CompiledManifest["artifact"]["files"][number][] = [];
  for (const { name, columns, rows } of tables) {
    const path = join(directory, `${name}.parquet`);
    await writeTable(connection, path, columns, rows, signal);
    const [bytes, { size }] = await Promise.all([readFile(path), stat(path)]);
    // As canonical JSON: rows hold no objects, and all of a table have the same keys.
    const keys = Object.keys(columns).toSorted();
    const content = sha256(rows.map((row) => JSON.stringify(row, keys)).join("\n"));
    files.push({ name: `${name}.parquet`, bytes: size, rows: rows.length, sha256: sha256(bytes), content });
  }
  const manifest = manifestOf(module, weights, files);
  await writeFile(join(directory, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const { name, version } = module.spec;
  return { identity: { name, version, digest: manifest.artifact.digest }, directory, manifest };
}

function manifestOf(
  module: AuthoredModule,
  weights: readonly CompiledRow[],
  files: CompiledManifest["artifact"]["files"],
): CompiledManifest {
  const unplaced = keys(weights.filter((row) => row["chrom"] === null));
  const sites = keys(weights).length;
  const parts = files.map(({ name, content }) => ({ name, sha256: content }));
  const spec = { name: "module_spec", sha256: sha256(canonicalJson(module.spec)) };
  return {
    format: "karyon.module/1",
    module: module.spec,
    stats: { ...statsOf(module), rows: weights.length, sites, placed: sites - unplaced.length },
    compilation: {
      fully_resolved: unplaced.length === 0,
      unplaced,
      alleles_not_at_locus: foreignGenotypes(module).map(({ variant, locus, strandSuspect }) => ({
        variant: variant.key,
        genotype: variant.genotype.text,
        locus: `${locus.chrom}:${locus.start} ${locus.ref}>${(locus.alts ?? []).join(",")}`,
        strand_suspect: strandSuspect,
      })),
      several_loci: keys(weights.filter((row) => Number(row["locus_count"]) > 1)),
      phased: module.variants.filter(({ genotype }) => genotype.phased).length,
      warnings: module.warnings.map((warning) => problemText(warning)),
      findings: lintModule(module),
    },
    artifact: { digest: contentDigest([...parts, spec]), files },
  };
}

function keys(rows: readonly CompiledRow[]): string[] {
  return [...new Set(rows.map((row) => String(row["variant_key"])))];
}

async function writeTable(
  connection: Connection,
  path: string,
  columns: Columns,
  rows: readonly CompiledRow[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const chunks: string[] = [];
  for (let first = 0; first < rows.length; first += CHUNK_ROWS) {
    chunks.push(JSON.stringify(rows.slice(first, first + CHUNK_ROWS)));
  }
  const structure = quoteText(JSON.stringify([columns]));
  await connection.sink(
    `select unnest(from_json(chunk::json, ${structure}), recursive := true)
     from (select unnest($1::varchar[]) as chunk)`,
    path,
    { parameters: [chunks], signal },
  );
}

function brokenError(name: string, problems: readonly Problem[]): WorkspaceError {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  return new WorkspaceError({
    code: "module",
    message: `broken annotation module: ${name}${errors.length > 1 ? `, ${errors.length} errors` : ""}`,
    hint: "Correct the lines that are listed and run again.",
    ...(first === undefined ? {} : { at: first.at }),
    detail: errors.map((problem) => problemText(problem)).join("\n"),
  });
}
