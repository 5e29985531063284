/** Every kernel cell of every notebook that ships, over files of many shapes. */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { holes } from "#graph/template-holes.ts";
import { partitionKey } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { QueryValue } from "#protocol/messages.ts";

import { LocalApi } from "../../server/api.ts";
import { runView } from "../../server/runs/run-view.ts";
import { Workspace } from "../../server/workspace.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { rowsOf } from "../query/support.ts";
import { writeShard } from "../support/ensembl-shard.ts";
import { of23andMe } from "../support/array-file.ts";
import { FILE_SHAPES, fileOfShape } from "../support/file-shapes.ts";
import type { FileShape } from "../support/file-shapes.ts";

const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
/** What the page would send for a `${}` of a live query: its inputs as they stand, and one chosen row. */
const VALUES: Readonly<Record<string, QueryValue>> = {
  "cups * 1_000_000": 0,
  "cups * 5": 20,
  min_quality: 25,
  min_weight: 0.1,
  module: "longevitymap",
  helpful_factor: 1,
  harmful_factor: 1,
  'Array.from(chosen, (row) => row.chrom + ":" + row.start)': ["19:44908684"],
  "Array.from(chosen, (row) => row.rsid)": ["rs429358"],
};

let root: string;
let workspace: Workspace;
let api: LocalApi;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "karyon-shapes-"));
  await cp(SHIPPED, join(root, "notebooks"), { recursive: true });
  await writeShard(root, "19", "(44908684, 'T', 'C', 'rs429358')");
  workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  api = new LocalApi(workspace, []);
});
afterAll(async () => {
  await workspace.close();
  await rm(root, { recursive: true, force: true });
});

async function added(shape: FileShape): Promise<PartitionKey> {
  const vcf = join(root, `${shape}.vcf`);
  await writeFile(vcf, fileOfShape(shape));
  const partition = partitionKey("shape", shape);
  workspace.setPartition(partition, { vcf });
  return partition;
}

/** Rows of each live query of the notebooks, by its name. */
async function liveRows(partition: PartitionKey): Promise<Record<string, Record<string, unknown>[]>> {
  const found: Record<string, Record<string, unknown>[]> = {};
  const { notebooks } = await workspace.definitions();
  for (const { path, cells } of notebooks) {
    const live = cells.filter(({ kind, asset }) => kind === "sql" && asset === null);
    const values = Object.fromEntries(
      live.map(({ id, source }) => [id, holes(source).expressions.map(({ text }) => value(text))]),
    );
    for (const { id } of live) {
      const request = { notebook: path, cell: id, partition, values, limit: 1000 };
      found[id] = await rowsOf(api.query(request, new AbortController().signal));
    }
  }
  return found;
}

function value(expression: string): QueryValue {
  const known = VALUES[expression.trim()];
  if (known === undefined) throw new Error(`say in this test what the page sends for ${expression}`);
  return known;
}

const balance = (bin: number): unknown => [{ balance: bin, variants: 5 }];

/** What the queries say of the reads: null where the file states none. */
const READS: Readonly<Record<FileShape, { readonly depth: number | null; readonly balances: unknown }>> = {
  deepvariant: { depth: 31, balances: balance(0.5) },
  "without-depth": { depth: null, balances: [] },
  sites: { depth: null, balances: [] },
  gvcf: { depth: 31, balances: balance(0.525) },
  gatk: { depth: 31, balances: balance(0.5) },
  strelka: { depth: null, balances: balance(0.525) },
  illumina: { depth: null, balances: [] },
  varscan: { depth: 31.5, balances: [] },
  chip: { depth: null, balances: [] },
  "text-fields": { depth: null, balances: [] },
  "list-fields": { depth: null, balances: balance(0.5) },
  poor: { depth: null, balances: [] },
};

test.each(FILE_SHAPES)(
  "%s: every kernel cell gives what the file states, and nothing else",
  async (shape) => {
    const partition = await added(shape);
    const run = await workspace.startRun("*", partition);
    await run.ended;
    const steps = runView(run.id, workspace.catalog.eventsOfRun(run.id))?.steps ?? [];
    expect(steps.filter(({ state }) => state !== "done")).toEqual([]);
    expect(steps.map(({ asset }) => asset)).toEqual(
      expect.arrayContaining(["user_annotated_vcf", "user_vcf_exports", "user_summary_report"]),
    );

    const rows = await liveRows(partition);
    const depths = rows["depth_by_chromosome"]?.map((row) => row["mean_depth"]) ?? [];
    expect(depths.at(-1) ?? null).toBe(READS[shape].depth);
    expect(rows["balances"]).toEqual(READS[shape].balances);
    expect(rows["calls_of_chosen"]).toHaveLength(shape === "poor" ? 0 : 1);
  },
  120_000,
);

test("raw data of an array: every kernel cell gives what it states; what needs positions is refused in words", async () => {
  const path = join(root, "array.txt");
  await writeFile(
    path,
    of23andMe([
      ["rs4977574", "9", 22_098_574, "AG"],
      ["rs429358", "19", 45_411_941, "TT"],
      ["rs7412", "19", 45_412_079, "--"],
    ]),
  );
  const partition = partitionKey("shape", "array");
  workspace.setPartition(partition, { vcf: path });
  const run = await workspace.startRun("*", partition);
  await run.ended;
  const steps = runView(run.id, workspace.catalog.eventsOfRun(run.id))?.steps ?? [];
  const failed = steps.filter(({ state }) => state !== "done");
  expect(failed.map(({ asset, error }) => `${asset}: ${error?.message ?? ""}`).toSorted()).toEqual([
    "user_annotated_vcf: none of the variants to join has a position on GRCh38",
    "user_annotated_vcf_duckdb: none of the variants to join has a position on GRCh38",
    expect.stringMatching(/^user_vcf_exports: no VCF can be written of array\.txt: /),
  ]);
  const rows = await liveRows(partition);
  expect(rows["calls_of_chosen"]).toHaveLength(1);
}, 120_000);
