import { join } from "node:path";

import * as z from "zod";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import { dimensions } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { tableColumns } from "../engines/table-columns.ts";
import { annotateRows, annotate as annotateWithModules } from "../modules/annotate.ts";
import type { AnnotateContext, AnnotateRequest } from "../modules/annotate.ts";
import { KeptLookUps } from "../modules/kept-look-ups.ts";
import { annotationLineage } from "../modules/match/annotation-lineage.ts";
import { ANNOTATIONS_FILE } from "../modules/match/outputs.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";
import type { CellType, WorkContext } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { inputFile } from "./input-files.ts";
import type { ModuleSetFacts } from "./modules.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({ variants: z.string(), modules: z.string() });

/** Of this process: a kernel that makes annotations makes them again after each edit of a module. */
const lookUps = new KeptLookUps();

/** `yaml NAME annotate`: which authored genotypes of the modules the variants of one person match. */
export const annotate: CellType = {
  name: "annotate",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "annotate" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    return Promise.resolve({
      inputs: [shape.variants, shape.modules],
      parts: { source: hashValue(shape), duckdb: duckdb.version },
      output: "table",
    });
  },
  async materialise(step, context) {
    const shape = readYaml(step.cell, SHAPE);
    const variants = step.input(shape.variants);
    const set = step.input(shape.modules);
    const directory = await step.directory(set);
    const { modules, broken } = set.facts as ModuleSetFacts;
    const wanted = step.attributes.modules ?? [...modules, ...broken.map(({ name }) => name)];
    const manifest = await annotateGenome(
      {
        variants,
        ingest: variants.facts as IngestSummary,
        modules: modules
          .filter((name) => wanted.includes(name))
          .map((name) => ({ name, directory: join(directory, name) })),
        // What was chosen and is no longer among the modules is told of, not passed over.
        broken: [...new Set(wanted)]
          .filter((name) => !modules.includes(name))
          .map(
            (name) =>
              broken.find((one) => one.name === name) ?? {
                name,
                reason: `it is not among the modules of ${shape.modules}: write it into its use:`,
              },
          ),
        staging: step.staging,
        partition: step.partition,
      },
      context,
    );
    const annotated = manifest.modules.filter((module) => module.path !== null);
    return {
      files: [
        ANNOTATIONS_FILE,
        "modules/manifest.json",
        "modules/studies.parquet",
        "modules/sites.parquet",
        ...annotated.flatMap((module) => (module.path === null ? [] : [module.path])),
      ],
      table: ANNOTATIONS_FILE,
      facts: manifest,
      modules: annotated.map(({ name, version, digest }) => ({ name, version, digest })),
      engine: engineText(duckdb),
      lineage: annotationLineage({
        variants: shape.variants,
        modules: shape.modules,
        columns: await columnNames(inputFile(variants, NORMALIZED_FILE), context),
      }),
    };
  },
};

async function columnNames(path: string, { connectShared }: WorkContext): Promise<readonly string[]> {
  const connection = await connectShared();
  try {
    return (await tableColumns(connection, path)).map(({ name }) => name);
  } finally {
    connection.close();
  }
}

export interface GenomeToAnnotate extends Pick<AnnotateRequest, "ingest" | "modules" | "broken" | "staging"> {
  readonly variants: InputFiles;
  readonly partition: PartitionKey;
}

/** Annotates one genome; of one that was annotated a short while ago, what was looked up is not read again. */
export function annotateGenome(genome: GenomeToAnnotate, context: WorkContext): Promise<AnnotationManifest> {
  return onGenome(genome, context, annotateWithModules);
}

/** As {@link annotateGenome}, but only the table: {@link ANNOTATIONS_FILE} in the staging directory. */
export function annotateRowsOfGenome(genome: GenomeToAnnotate, context: WorkContext): Promise<void> {
  return onGenome(genome, context, annotateRows);
}

async function onGenome<T>(
  { variants, partition, ...request }: GenomeToAnnotate,
  { software, connect, signal, progress }: WorkContext,
  work: (request: AnnotateRequest, connection: Connection, context: AnnotateContext) => Promise<T>,
): Promise<T> {
  const genome = hashValue([variants.dataVersion, variants.facts]);
  const kept = await lookUps.take(genome, connect);
  const result = await work(
    {
      ...request,
      ...dimensions(partition),
      variants: inputFile(variants, NORMALIZED_FILE),
      removedSites: inputFile(variants, REMOVED_FILE),
      software,
    },
    kept.connection,
    { signal, progress, lookUp: kept.lookUp },
  ).catch((error: unknown) => {
    kept.connection.close();
    throw error;
  });
  lookUps.keep(genome, kept);
  return result;
}
