import { join } from "node:path";

import * as z from "zod";

import type { TableDiff } from "#protocol/diff.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { parsePartition } from "#protocol/ids.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { diffTables, sinkDiff } from "../query/diff-tables.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { inputTable } from "./input-files.ts";
import { readYaml } from "./yaml-cell.ts";

const TEXT = z.union([z.string(), z.number()]).transform(String);
const SHAPE = z.strictObject({
  /** The later side: the version that stands. */
  asset: z.string(),
  /** The earlier side: another asset … */
  from: z.string().optional(),
  /** … or the same one in another sample, `USER/SAMPLE` … */
  sample: z.string().optional(),
  /** … or in another version: `previous`, a run, the start of a data version, a time. */
  version: TEXT.optional(),
  /** Columns that say which row is which. */
  key: z.array(z.string()).optional(),
});

/** `yaml NAME diff`: what is different between two versions of a table, two samples or two assets, as a table. */
export const diff: CellType = {
  name: "diff",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "diff" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    const { asset, from, sample, version } = shape;
    if (from !== undefined && (sample !== undefined || version !== undefined)) {
      throw new WorkspaceError({
        code: "notebook",
        message: "from beside sample or version",
        hint: "Compare with another asset, or with another version or sample of this one.",
        cell: cell.name,
      });
    }
    if (sample !== undefined) parsePartition(sample);
    const other = {
      asset,
      sample: sample ?? null,
      version: version ?? (sample === undefined ? "previous" : "head"),
    };
    return Promise.resolve({
      inputs: from === undefined ? [asset] : [asset, from],
      others: from === undefined ? [other] : [],
      parts: { source: hashValue(shape), duckdb: duckdb.version },
      output: "table",
    });
  },
  async materialise(step, { connect, signal, progress }) {
    const { asset, from, key = [] } = readYaml(step.cell, SHAPE);
    const before = from === undefined ? step.others[0] : step.input(from);
    if (before === undefined) throw new Error("the earlier side was not looked up");
    const words = { hint: "Compare assets that are tables." };
    const [earlier, later] = [inputTable(before, words), inputTable(step.input(asset), words)];
    const request = { before: earlier.path, after: later.path, key };
    const table = `${step.asset}.parquet`;
    progress({ phase: "comparing" });
    const connection = await connect();
    try {
      // The rows are the table.
      const { rows: _rows, ...counts }: TableDiff = await diffTables(connection, request, signal);
      await sinkDiff(connection, request, join(step.staging, table), signal);
      const { asset: of, partition, dataVersion } = before;
      const facts = { ...counts, before: { asset: of, partition, dataVersion } };
      return { files: [table], table, facts, engine: engineText(duckdb) };
    } finally {
      connection.close();
    }
  },
};
