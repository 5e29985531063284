import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { AnnotationManifest } from "#protocol/annotation.ts";
import type { ColumnSource } from "#protocol/record.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteName } from "../../kernel/engines/engine.ts";
import { parquetRows } from "../../kernel/engines/parquet-rows.ts";

import { runVerb } from "../../server/api.ts";
import { partitionsAdd } from "../../server/cli/partitions.ts";
import { never } from "../query/support.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

let made: Genome;

beforeEach(async () => {
  made = await genome();
});

afterEach(() => made.close());

function choose(...modules: readonly string[]): Promise<unknown> {
  const { workspace, partition } = made;
  const scope = { workspace, signal: never, progress: () => {} };
  return runVerb(partitionsAdd, { key: partition, modules }, workspace, scope);
}

test("modules are chosen for a sample as they are called here, and what is none is refused", async () => {
  expect(await choose("PANEL")).toMatchObject({ attributes: { modules: ["panel"] } });
  await expect(choose("panell")).rejects.toThrow("unknown module: panell");
  expect(made.workspace.attributes(made.partition).modules).toEqual(["panel"]);
});

test("a module that was chosen and is there no more is told of with why", async () => {
  const { workspace, partition } = made;
  workspace.setPartition(partition, { ...workspace.attributes(partition), modules: ["panel", "gone"] });
  await made.make("user_hf_module_annotations");
  const { modules } = made.record("user_hf_module_annotations").facts as AnnotationManifest;
  expect(modules.map(({ name, status, reason }) => [name, status, reason])).toEqual([
    ["panel", "annotated", null],
    ["gone", "failed", "it is not among the modules of chosen_modules: write it into its use:"],
  ]);
});

test("every column of the annotations says what of the genome and of the modules it is from", async () => {
  await made.make("user_hf_module_annotations");
  const { columns, rowsFrom } = made.record("user_hf_module_annotations");
  const of = (name: string): readonly string[] | undefined =>
    columns
      .find((column) => column.name === name)
      ?.origin?.of.map(({ asset, column }) => `${asset}.${column}`);
  expect(columns.filter(({ origin }) => origin === undefined)).toEqual([]);
  expect(of("GT")).toEqual(["user_vcf_normalized.GT"]);
  expect(of("weight")).toEqual(["chosen_modules.weights.weight"]);
  expect(of("start")).toEqual(["user_vcf_normalized.start", "chosen_modules.weights.start"]);
  // The genome has no such column: nothing can be from it.
  expect(of("genotype_quality")).toEqual([]);
  expect(rowsFrom?.length).toBeGreaterThan(5);

  /** The table that a column is in, and its name there. */
  const sourceOf = ({ asset, column }: ColumnSource): readonly [path: string, column: string] => {
    const [table = "", name = ""] = column.includes(".") ? column.split(".") : ["", column];
    if (table !== "") return [made.file(asset, `panel/${table}.parquet`), name];
    return [made.file(asset, made.record(asset).table ?? ""), name];
  };
  const annotations = made.file("user_hf_module_annotations", "user_hf_module_annotations.parquet");
  const connection = await duckdb.open({ spillDirectory: join(made.root, "spill") });
  try {
    // What is said to be copied stands in the column that it is said to be copied from.
    for (const { name, origin } of columns) {
      for (const source of origin?.of ?? []) {
        const [path, column] = sourceOf(source);
        const there = `select ${quoteName(column)} from ${parquetRows(path)}`;
        const stated = `${there} where ${quoteName(column)} is not null`;
        const isElsewhere = `${quoteName(name)} is not null and ${quoteName(name)} not in (${stated})`;
        const copied = origin?.how === "copied" ? `where ${isElsewhere}` : "limit 0";
        expect(
          await connection.rows(`select ${quoteName(name)} from ${parquetRows(annotations)} ${copied}`),
          name,
        ).toEqual([]);
        await connection.rows(`${there} limit 0`);
      }
    }
  } finally {
    connection.close();
  }
});
