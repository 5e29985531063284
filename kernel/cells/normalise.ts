import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { QualityFilters } from "#protocol/annotation.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { RowSample } from "../engines/row-sample.ts";
import { schemaWords } from "../schema-words.ts";
import { sources } from "../sources/index.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";
import type { CellType, WorkContext } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import type { SourceFacts } from "./source.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({ source: z.string(), filters: z.string().optional() });
/** Null, zero and an empty list switch a rule off. */
const FILTERS = z.strictObject({
  pass_filters: z.array(z.string()).nullish(),
  min_depth: z.number().nonnegative().nullish(),
  min_qual: z.number().nonnegative().nullish(),
});
/** Holds what is remembered of it. */
const SUMMARY = "ingest.json";

/** `yaml NAME normalise`: a genome file of any kind and dialect as Parquet, sorted by position. */
export const normalise: CellType = {
  name: "normalise",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "normalise" in cell.attributes,
  analyse: (cell) => {
    const { source, filters } = readYaml(cell, SHAPE);
    return Promise.resolve({
      inputs: filters === undefined ? [source] : [source, filters],
      parts: { source: hashValue(readYaml(cell, SHAPE)), duckdb: duckdb.version },
      output: "table",
    });
  },
  async materialise(step, context) {
    const shape = readYaml(step.cell, SHAPE);
    const paths = vcfsOf(step.attributes);
    if (paths.length === 0) {
      throw new WorkspaceError({
        code: "asset",
        message: `${step.partition} has no genome file`,
        hint: `Add it: karyon partitions add ${shellWord(step.partition)} --vcf FILE`,
      });
    }
    const seen = step.input(shape.source).facts as SourceFacts;
    const source = sources.find(({ name }) => name === seen.source);
    if (source === undefined) throw new Error(`no source reads ${seen.source}`);
    const request = {
      paths,
      sample: step.attributes.vcf_sample ?? null,
      filters: shape.filters === undefined ? {} : qualityFilters(step.input(shape.filters).facts),
      staging: step.staging,
      spillDirectory: context.spill,
    };
    const sample = new RowSample(await context.connectShared());
    try {
      const ingested = await source.ingest(request, duckdb, { ...context, sample });
      if (ingested.source.sha256 !== seen.sha256) throw changed(seen.name);
      const onY = await callsOnY(join(step.staging, NORMALIZED_FILE), context);
      const facts = onY === 0 ? ingested : { ...ingested, y_calls: onY };
      // Annotations tell the file, its build and the filters: with others the same rows are another content.
      await writeFile(join(step.staging, SUMMARY), `${JSON.stringify(facts, null, 2)}\n`);
      return {
        files: [NORMALIZED_FILE, REMOVED_FILE, SUMMARY],
        table: NORMALIZED_FILE,
        facts,
        engine: engineText(duckdb),
        encoded: facts.encoded ?? [],
        sample,
      };
    } catch (error) {
      sample.close();
      throw error;
    }
  },
};

/** The table is in order: the rest of it is passed over. */
async function callsOnY(path: string, { connectShared, signal }: WorkContext): Promise<number> {
  const connection = await connectShared();
  try {
    const [row] = await connection.rows<{ n: number }>(
      `select count(*)::integer as n from ${parquetRows(path)}
       where chrom = 'Y' and presence in ('called_variant', 'called')`,
      [],
      signal,
    );
    return row?.n ?? 0;
  } finally {
    connection.close();
  }
}

function changed(name: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `${name} changed while it was read`,
    hint: "Run it again when the file is whole.",
  });
}

function qualityFilters(value: unknown): QualityFilters {
  const parsed = FILTERS.safeParse(value ?? {}, { error: schemaWords });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new WorkspaceError({
      code: "notebook",
      message: `quality filters: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "not valid"}`,
      hint: "Use pass_filters (a list), min_depth and min_qual (numbers).",
    });
  }
  const { pass_filters, min_depth, min_qual } = parsed.data;
  return {
    ...(pass_filters?.length ? { pass_filters } : {}),
    ...(min_depth ? { min_depth } : {}),
    ...(min_qual ? { min_qual } : {}),
  };
}
