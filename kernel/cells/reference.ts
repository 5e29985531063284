import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { ReferenceFacts, Shard } from "#protocol/reference.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { quotePath } from "../engines/parquet-rows.ts";
import { rowCount } from "../engines/row-count.ts";
import { tableColumns } from "../engines/table-columns.ts";
import { columnsToAdd } from "../reference/joined-columns.ts";
import { ShardSchemas } from "../reference/shard-schemas.ts";
import { cachedShards, isWholeParquet, shardFolder } from "../reference/shards.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import type { DatasetFacts } from "./hugging-face.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({ dataset: z.string() });

/**
 * `yaml NAME reference`: the shards of a dataset as a reference to join with. They stay in the cache, where other
 * workspaces use them too; what is kept is the list: chrom, file, bytes, sha256, rows.
 */
export const reference: CellType = {
  name: "reference",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "reference" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    return Promise.resolve({
      inputs: [shape.dataset],
      parts: { source: hashValue(shape) },
      output: "table",
    });
  },
  async materialise(step, { cache, connect, signal, progress }) {
    const seen = step.input(readYaml(step.cell, SHAPE).dataset).facts as DatasetFacts;
    const shards = await cachedShards(cache, signal);
    if (hashValue(shards) !== hashValue(seen.shards)) throw changed();
    const folder = shardFolder(cache);
    const connection = await connect();
    const schemas = new ShardSchemas();
    try {
      const listed: (Shard & { rows: number })[] = [];
      let columns: string[] = [];
      for (const shard of shards) {
        progress({ phase: `reading ${shard.file}`, fraction: listed.length / shards.length });
        const path = join(folder, shard.file);
        if (!(await isWholeParquet(path))) throw cutOff(path);
        const described = await tableColumns(connection, path).catch((cause: unknown) => {
          throw signal.aborted ? cause : damaged(path, cause);
        });
        schemas.add(shard.file, described);
        if (listed.length === 0) columns = columnsToAdd(described.map(({ name }) => name));
        listed.push({ ...shard, rows: await rowCount(connection, path) });
      }
      const table = `${step.asset}.parquet`;
      const list = `${step.staging}/shards.json`;
      await writeFile(list, JSON.stringify(listed));
      await connection.sink(
        `select * from read_json(${quotePath(list)}, hive_partitioning = false, format = 'array',
         columns = {chrom: 'VARCHAR', file: 'VARCHAR', bytes: 'BIGINT', sha256: 'VARCHAR', rows: 'BIGINT'})`,
        join(step.staging, table),
        { signal },
      );
      const identity = hashValue(shards.map(({ chrom, sha256 }) => [chrom, sha256]));
      const facts: ReferenceFacts = {
        identity,
        repo: seen.repo,
        revision: seen.revision,
        columns,
        shards: listed,
      };
      return { files: [table], table, facts, reference: identity, engine: engineText(duckdb) };
    } finally {
      connection.close();
    }
  },
};

/**
 * Paths of the shards of a reference, by contig.
 *
 * @throws {WorkspaceError} `asset` when one is gone or is not what it was
 */
export async function shardPaths(
  facts: ReferenceFacts,
  cache: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const there = new Map((await cachedShards(cache, signal)).map((shard) => [shard.file, shard.sha256]));
  const paths = new Map<string, string>();
  for (const { chrom, file, sha256 } of facts.shards) {
    if (there.get(file) !== sha256) throw changed();
    if (!paths.has(chrom)) paths.set(chrom, join(shardFolder(cache), file));
  }
  return paths;
}

function changed(): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: "the Ensembl reference in the cache changed since it was looked at",
    hint: "Run it again; karyon verify-ensembl says whether the files are whole.",
  });
}

function cutOff(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `not a whole Parquet file: ${path}`,
    hint: "Download it again: karyon download-ensembl",
  });
}

function damaged(path: string, cause: unknown): WorkspaceError {
  return new WorkspaceError(
    {
      code: "asset",
      message: `cannot be read as Parquet: ${path}`,
      hint: "Let karyon verify-ensembl look at it; karyon download-ensembl brings it again.",
    },
    { cause },
  );
}
