import { join } from "node:path";

import * as z from "zod";

import type { IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError, errorInfo } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { CellText, InputFiles } from "#protocol/kernel-messages.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { PRIMARY_CONTIGS } from "../primary-contigs.ts";
import { presenceColumn, sinkMatrix } from "../query/genotype-matrix.ts";
import type { MatrixSample } from "../query/genotype-matrix.ts";
import { NORMALIZED_FILE, REMOVED_FILE } from "../sources/source.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { inputFile } from "./input-files.ts";
import { readYaml, yamlProblem } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  /** Variants as a `normalise` cell gives them. */
  asset: z.string(),
  /** `USER/SAMPLE` of others, whose columns come behind that of the sample that is shown. Its own may be among them. */
  samples: z.array(z.string()).min(1, "name one sample at the least"),
});

/** `yaml NAME matrix`: the genotypes of several samples side by side, see {@link sinkMatrix}. */
export const matrix: CellType = {
  name: "matrix",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "matrix" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    const { asset, samples } = shape;
    for (const at of samples.keys()) requireSample(cell, samples, at);
    return Promise.resolve({
      inputs: [asset],
      others: samples.map((sample) => ({ asset, sample, version: "head" })),
      parts: { source: hashValue(shape), duckdb: duckdb.version },
      output: "table",
    });
  },
  async materialise(step, { connect, signal, progress }) {
    const { asset } = readYaml(step.cell, SHAPE);
    const others = step.others.filter(({ partition }) => partition !== step.partition);
    const samples = [step.input(asset), ...others].map((input) => matrixSample(input));
    const names = samples.map(({ name }) => name);
    for (const at of samples.keys()) requireColumns(step.cell, names, at);
    const table = `${step.asset}.parquet`;
    const connection = await connect();
    try {
      const facts = await sinkMatrix(connection, samples, join(step.staging, table), {
        contigs: PRIMARY_CONTIGS,
        scratch: step.staging,
        signal,
        progress,
      });
      return { files: [table], table, facts, engine: engineText(duckdb) };
    } finally {
      connection.close();
    }
  },
};

/** @throws {WorkspaceError} `notebook` for what is no sample, and for one that stands there before */
function requireSample(cell: CellText, samples: readonly string[], at: number): void {
  try {
    parsePartition(samples[at] ?? "");
    requireColumns(cell, samples, at);
  } catch (error) {
    const { message, hint = "Write USER/SAMPLE." } = errorInfo(error);
    throw yamlProblem(cell, ["samples", String(at)], { message, hint });
  }
}

/** @throws {WorkspaceError} `notebook` for a sample whose columns would be called as those of one before it */
function requireColumns({ name: cell }: CellText, samples: readonly string[], at: number): void {
  const sample = samples[at] ?? "";
  const taken = samples.slice(0, at).flatMap((one) => columnsOf(one));
  if (!columnsOf(sample).some((column) => taken.includes(column))) return;
  throw new WorkspaceError({
    code: "notebook",
    message: `a second column of the name ${sample}`,
    hint: "Name each sample once; names of columns have to differ in more than their case.",
    cell,
  });
}

/** Names of columns as SQL compares them. */
function columnsOf(sample: string): string[] {
  return [sample, presenceColumn(sample)].map((name) => name.toLowerCase());
}

/** @throws {WorkspaceError} `asset` for what has no genotypes at positions */
function matrixSample(input: InputFiles): MatrixSample {
  const { asset, partition, table } = input;
  if (table !== NORMALIZED_FILE) {
    throw new WorkspaceError({
      code: "asset",
      message: `${asset} is no table of variants as a normalise cell gives it`,
      hint: "Name one, such as user_vcf_normalized, of which it is known what was removed. Other tables are compared by a diff cell.",
    });
  }
  const ingest = input.facts as IngestSummary;
  if (ingest.kind === "array") {
    throw new WorkspaceError({
      code: "asset",
      message: `${partition} is raw data of a genotyping array, which states neither GRCh38 positions nor reference alleles`,
      hint: "Leave it out of the samples; an array is looked at for itself, or joined by rsid in a sql cell.",
    });
  }
  return {
    name: partition,
    variants: inputFile(input, NORMALIZED_FILE),
    removedSites: inputFile(input, REMOVED_FILE),
    otherMitochondrion: ingest.findings.some(({ kind }) => kind === "MT_NOT_COMPARABLE"),
  };
}
