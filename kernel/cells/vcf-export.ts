import { stat } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText, quoteText } from "../engines/engine.ts";
import { NORMALIZED_FILE } from "../sources/source.ts";
import { foldContig } from "../sources/vcf/contigs.ts";
import { provenanceLines } from "../vcf-export/provenance.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { inputFile } from "./input-files.ts";
import type { SourceFacts } from "./source.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  source: z.string(),
  variants: z.string(),
  annotations: z.string(),
  /** A join with Ensembl; used when it is there, never made for this. */
  ensembl: z.string().optional(),
  /** Names of modules; absent: all that were annotated. */
  modules: z.array(z.string()).optional(),
});

/** `yaml NAME export`: annotated variants as VCF files with their indexes, and a table that lists them. */
export const vcfExport: CellType = {
  name: "export",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "export" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    const { source, variants, annotations, ensembl } = shape;
    const optional = ensembl === undefined ? [] : [ensembl];
    return Promise.resolve({
      inputs: [source, variants, annotations, ...optional],
      optional,
      parts: { source: hashValue(shape), duckdb: duckdb.version },
      output: "table",
    });
  },
  async materialise(step, { software, connect, signal, progress }) {
    const shape = readYaml(step.cell, SHAPE);
    const [variants, annotations] = [step.input(shape.variants), step.input(shape.annotations)];
    const joined = step.inputs.find(({ asset }) => asset === shape.ensembl) ?? null;
    const ingest = variants.facts as IngestSummary;
    const manifest = annotations.facts as AnnotationManifest;
    if (ingest.kind === "array") throw noVcf(ingest);
    if ((step.input(shape.source).facts as SourceFacts).sha256 !== ingest.source.sha256)
      throw changed(ingest);
    const { exportVcf } = await import("../vcf-export/export-vcf.ts");
    const connection = await connect();
    try {
      const written = await exportVcf(
        {
          sources: vcfsOf(step.attributes),
          ingest,
          variants: inputFile(variants, NORMALIZED_FILE),
          ensembl: joined === null ? null : inputFile(joined, joined.table ?? ""),
          manifest,
          modules: chosenModules(manifest, shape.modules, step.cell.name).map(({ name, path }) => ({
            name,
            path: inputFile(annotations, path),
          })),
          provenance: provenanceLines({ step, software, ingest, manifest, joined }),
          staging: step.staging,
          fold: foldContig,
        },
        connection,
        { signal, progress },
      );
      const table = `${step.asset}.parquet`;
      const rows = await Promise.all(
        written.map(async ({ file, says, records, annotated }) => {
          const { size } = await stat(join(step.staging, file));
          return `(${quoteText(file)}, ${quoteText(says)}, ${records}::bigint, ${annotated}::bigint, ${size}::bigint)`;
        }),
      );
      await connection.sink(
        `select * from (values ${rows.join(", ")}) as v(file, says, records, annotated, bytes)`,
        join(step.staging, table),
        { signal },
      );
      return {
        files: [table, ...written.flatMap(({ file }) => [file, `${file}.tbi`])],
        table,
        facts: { inferred_left_out: manifest.total_restored },
        modules: manifest.modules.map(({ name, version, digest }) => ({ name, version, digest })),
        engine: engineText(duckdb),
      };
    } finally {
      connection.close();
    }
  },
};

/** @throws {WorkspaceError} `notebook` for a module that the annotations do not have */
function chosenModules(
  { modules }: AnnotationManifest,
  wanted: readonly string[] | undefined,
  cell: string,
): { readonly name: string; readonly path: string }[] {
  const there = modules.flatMap(({ name, path }) => (path === null ? [] : [{ name, path }]));
  const absent = wanted?.find((name) => modules.every((module) => module.name !== name));
  if (absent === undefined) return there.filter(({ name }) => wanted?.includes(name) ?? true);
  throw new WorkspaceError({
    code: "notebook",
    message: `no module of the annotations: ${absent}`,
    hint: `There are ${modules.map(({ name }) => name).join(", ")}.`,
    cell,
  });
}

function noVcf({ source }: IngestSummary): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `no VCF can be written of ${source.name}: raw data of a genotyping array states neither GRCh38 positions nor reference alleles`,
    hint: "Read what was found in the report, or in the tables of the annotations.",
  });
}

function changed({ source }: IngestSummary): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `${source.name} is not the file that was read`,
    hint: "Run it again: the variants have to be read anew.",
  });
}
