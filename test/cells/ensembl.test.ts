import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { engines } from "../../kernel/engines/index.ts";
import { partitionKey } from "../../kernel/protocol/ids.ts";
import type { AssetKey, PartitionKey } from "../../kernel/protocol/ids.ts";
import type { AssetRecord } from "../../kernel/protocol/record.ts";
import { backfill } from "../../server/cli/backfill.ts";
import type { Verb } from "../../server/cli/verb.ts";
import { objectPath } from "../../server/runs/published-tree.ts";
import { runView } from "../../server/runs/run-view.ts";
import { Workspace } from "../../server/workspace.ts";
import { SHIPPED_NOTEBOOKS, workspacePaths } from "../../server/workspace-paths.ts";
import { writeShard } from "../support/ensembl-shard.ts";

/** Lengths of contigs say that this is GRCh38. */
const VCF = `##fileformat=VCFv4.3
##contig=<ID=chr1,length=248956422>
##contig=<ID=chr2,length=242193529>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS
chr1\t100\t.\tA\tG\t50\tPASS\t.\tGT\t0/1
chr1\t200\t.\tT\tTA\t50\tPASS\t.\tGT\t0/1
chr2\t300\t.\tC\tG,T\t50\tPASS\t.\tGT\t1/2
`;
/** Joins that take few columns over: on either engine, and with names that are off. */
const FEW = [
  ["few_duckdb", "engine: duckdb\ncolumns: [maf, id]"],
  ["few_polars", 'engine: "polars"\ncolumns: [maf, id]'],
  ["other_few", "engine: duckdb\ncolumns: [maf]"],
  ["unknown_column", "columns:\n  - maf\n  - MAF"],
  ["twin_column", "columns: [maf, maf]"],
]
  .map(
    ([name, how]) =>
      `\`\`\`yaml ${name} join\nvariants: user_vcf_normalized\nreference: ensembl_annotations\n${how}\n\`\`\`\n`,
  )
  .join("\n");
const JOINED = "user_annotated_vcf_duckdb" as AssetKey;
const [ANNA, BORIS, CLARA] = ["anna", "boris", "clara"].map((user) => partitionKey(user, "s"));

let root: string;
let workspace: Workspace;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "karyon-ensembl-"));
  await cp(SHIPPED_NOTEBOOKS, join(root, "notebooks"), { recursive: true });
  await writeFile(join(root, "notebooks", "few.md"), FEW);
  workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  await writeFile(join(root, "a.vcf"), VCF);
  await writeFile(join(root, "b.vcf"), VCF.replace("chr1\t100", "chr1\t101"));
  workspace.setPartition(ANNA ?? fail(), { vcf: join(root, "a.vcf") });
  workspace.setPartition(BORIS ?? fail(), { vcf: join(root, "a.vcf") });
  workspace.setPartition(CLARA ?? fail(), { vcf: join(root, "b.vcf") });
});
afterAll(async () => {
  await workspace.close();
  await rm(root, { recursive: true, force: true });
});

function fail(): never {
  throw new Error("no such partition");
}

/** Two shards: each variant above but the one at 101 has a row. */
async function writeShards(): Promise<void> {
  await writeShard(root, "1", "(100, 'A', 'G', 'rs1'), (199, 'GT', 'GTA', 'rs2')");
  await writeShard(root, "2", "(300, 'C', 'T', 'rs3'), (300, 'C', 'G', 'rs4')");
}

async function make(select: string, partition: PartitionKey): Promise<ReturnType<typeof runView>> {
  const run = await workspace.startRun(select, partition);
  await run.ended;
  return runView(run.id, workspace.catalog.eventsOfRun(run.id));
}

function record(asset: string, partition: PartitionKey): AssetRecord {
  const head = workspace.catalog.versions.head(asset as AssetKey, partition);
  if (head?.kind !== "record") throw new Error(`${asset} was not made`);
  return head.record;
}

test("without a reference the join fails, and says how to get one", async () => {
  const view = await make(JOINED, ANNA ?? fail());
  expect(view?.state).toBe("failed");
  const error = view?.steps.find(({ asset }) => asset === "ensembl_annotations")?.error;
  expect(error?.message).toContain("no Ensembl reference in");
  expect(error?.hint).toContain("karyon download-ensembl");
  expect(workspace.catalog.versions.head(JOINED, ANNA ?? fail())).toBeNull();
});

test("with one, both engines make the same table and remember the reference", async () => {
  await writeShards();
  const anna = ANNA ?? fail();
  const view = await make(`user_annotated_vcf, ${JOINED}`, anna);
  expect(view?.steps.map(({ asset, state }) => [asset, state])).toContainEqual([JOINED, "done"]);
  const [one, other] = [record("user_annotated_vcf", anna), record(JOINED, anna)];
  expect(other.facts).toMatchObject({
    rows: 3,
    matched: { exact: 1, allele: 1, trimmed: 1 },
    not_in_reference: {},
    reference: { repo: "just-dna-seq/ensembl_variations", revision: null },
  });
  expect(one.facts).toEqual(other.facts);
  expect(one.columns.map(({ name, type }) => [name, type])).toEqual(
    other.columns.map(({ name, type }) => [name, type]),
  );
  expect(one.reference).toBe(record("ensembl_annotations", "" as PartitionKey).reference);
  expect([one.engine, other.engine].map((engine) => engine?.split(" ")[0])).toEqual(["polars", "duckdb"]);
});

test("a backfill shares one pass, and each partition has its own record", async () => {
  const known = backfill as unknown as Verb<{ select: string; partitions: string }, { shared: unknown[] }>;
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const result = await known.run({ select: JOINED, partitions: "*/s" }, scope);
  // Anna's is fresh; the file of Boris is hers.
  expect(result).toMatchObject({
    partitions: [{ state: "done" }, { state: "done" }, { state: "done" }],
    shared: [{ asset: JOINED, samples: 2 }],
  });
  expect(record(JOINED, BORIS ?? fail()).dataVersion).toBe(record(JOINED, ANNA ?? fail()).dataVersion);
  expect(record(JOINED, CLARA ?? fail()).facts).toMatchObject({ rows: 3, matched: { exact: 0 }, samples: 2 });
});

test("what a join takes over is what its cell names, alone and in a batch", async () => {
  const anna = ANNA ?? fail();
  await make("few_duckdb, few_polars, other_few", anna);
  const own = record("user_vcf_normalized", anna).columns.map(({ name }) => name);
  const names = (asset: string, partition = anna): string[] =>
    record(asset, partition).columns.map(({ name }) => name);
  expect(names("few_duckdb")).toEqual([...own, "maf", "id_ensembl", "ensembl_match"]);
  expect(names("few_polars")).toEqual(names("few_duckdb"));
  expect(names("other_few")).toEqual([...own, "maf", "ensembl_match"]);
  expect(record("few_duckdb", anna).facts).toEqual(record(JOINED, anna).facts);
  const { columns, rowsFrom } = record("few_duckdb", anna);
  const origin = (name: string): unknown => columns.find((one) => one.name === name)?.origin;
  const copied = (asset: string, column: string): object => ({ how: "copied", of: [{ asset, column }] });
  expect(origin("alt")).toEqual(copied("user_vcf_normalized", "alt"));
  expect(origin("id_ensembl")).toEqual(copied("ensembl_annotations", "id"));
  expect(origin("ensembl_match")).toMatchObject({ how: "computed" });
  expect(rowsFrom).toEqual([]);
  workspace.setPartition(partitionKey("dora", "s"), { vcf: join(root, "c.vcf") });
  workspace.setPartition(partitionKey("emil", "s"), { vcf: join(root, "d.vcf") });
  await writeFile(join(root, "c.vcf"), VCF.replace("chr1\t100", "chr1\t102"));
  await writeFile(join(root, "d.vcf"), VCF.replace("chr1\t100", "chr1\t103"));
  // Both wait in one place until their step takes them: neither may take what the other has made.
  const known = backfill as unknown as Verb<{ select: string; partitions: string }, { shared: unknown[] }>;
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const select = "few_duckdb, few_polars, other_few";
  const { shared } = await known.run({ select, partitions: "*/s" }, scope);
  expect(shared).toHaveLength(3);
  for (const partition of [partitionKey("dora", "s"), partitionKey("emil", "s")]) {
    for (const asset of ["few_duckdb", "few_polars", "other_few"]) {
      expect(names(asset, partition)).toEqual(names(asset));
      expect(record(asset, partition).facts).toMatchObject({ rows: 3, samples: 4 });
    }
  }
});

test("a column that the reference does not have is named at its place, with those there are", async () => {
  const view = await make("unknown_column", ANNA ?? fail());
  const error = view?.steps.find(({ asset }) => asset === "unknown_column")?.error;
  expect(error).toMatchObject({
    code: "notebook",
    message: "column not found in the reference: MAF",
    cell: "unknown_column",
    span: { line: 5, column: 5 },
  });
  expect(error?.hint).toMatch(/^There are start, end, id, .*, maf, mac, aa\.$/);
});

test("a column that is named twice is refused before anything runs", async () => {
  const { graph } = await workspace.definitions();
  expect(graph.assets.get("twin_column" as AssetKey)?.error).toMatchObject({
    message: "columns.1: maf is there twice",
    span: { line: 3, column: 16 },
  });
});

test("a backfill that chose an engine shares one pass on it, and takes nothing that waits for another", async () => {
  const known = backfill as unknown as Verb<
    { select: string; partitions: string; engine: string },
    { shared: unknown[] }
  >;
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  const parameters = { select: JOINED, partitions: "*/s", engine: "polars" };
  const before = record(JOINED, CLARA ?? fail());
  const result = await known.run(parameters, scope);
  // Those that were fresh were made on their cell's own; the file of Boris is Anna's.
  expect(result.shared).toMatchObject([{ asset: JOINED, samples: 4 }]);
  const after = record(JOINED, CLARA ?? fail());
  expect(after).toMatchObject({ runEngine: "polars", engine: expect.stringMatching(/^polars /) });
  expect(after.facts).toMatchObject({ samples: 4, rows: 3 });
  expect(after.columns.map(({ name, type }) => [name, type])).toEqual(
    before.columns.map(({ name, type }) => [name, type]),
  );
  expect(await known.run(parameters, scope)).toMatchObject({ shared: [] });
  await expect(known.run({ ...parameters, engine: "spark" }, scope)).rejects.toThrow("no such engine: spark");
});

test("a sample that the reference cannot answer fails by itself, and the others share their pass", async () => {
  const [dora, emil, fred] = ["dora", "emil", "fred"].map((user) => partitionKey(user, "t"));
  const off = VCF.replaceAll(/^chr\d\t/gm, "chrUn_KI270742v1\t");
  for (const [key, vcf] of [
    [dora, VCF.replace("chr1\t100", "chr1\t102")],
    [emil, off],
    [fred, VCF.replace("chr1\t100", "chr1\t103")],
  ] as const) {
    await writeFile(join(root, `${key?.split("/")[0]}.vcf`), vcf);
    workspace.setPartition(key ?? fail(), { vcf: join(root, `${key?.split("/")[0]}.vcf`) });
  }
  const known = backfill as unknown as Verb<{ select: string; partitions: string }, { shared: unknown[] }>;
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  expect(await known.run({ select: JOINED, partitions: "*/t" }, scope)).toMatchObject({
    partitions: [
      { partition: dora, state: "done" },
      { partition: emil, state: "failed" },
      { partition: fred, state: "done" },
    ],
    shared: [{ asset: JOINED, samples: 2 }],
    alone: [],
  });
  // What fails for all of them is a record of each, and the pass that failed is named.
  expect(await known.run({ select: "unknown_column", partitions: "*/t" }, scope)).toMatchObject({
    partitions: [{ state: "failed" }, { state: "failed" }, { state: "failed" }],
    shared: [],
    alone: [{ asset: "unknown_column", error: { message: "column not found in the reference: MAF" } }],
  });
});

test("what is selected by its state is joined in one pass too, in the partitions where that is so", async () => {
  const [gina, hans, ida] = ["gina", "hans", "ida"].map((user) => partitionKey(user, "u"));
  for (const [at, key] of [gina, hans, ida].entries()) {
    const vcf = join(root, `${key?.split("/")[0]}.vcf`);
    await writeFile(vcf, VCF.replace("chr1\t100", `chr1\t${110 + at}`));
    workspace.setPartition(key ?? fail(), { vcf });
  }
  const first = await workspace.startRun(JOINED, ida ?? fail());
  await first.ended;
  const known = backfill as unknown as Verb<{ select: string; partitions: string }, { shared: unknown[] }>;
  const scope = { workspace, signal: new AbortController().signal, progress: () => {} };
  expect(await known.run({ select: `${JOINED} and missing`, partitions: "*/u" }, scope)).toMatchObject({
    partitions: [{ state: "done" }, { state: "done" }, { state: "done" }],
    shared: [{ asset: JOINED, samples: 2 }],
  });
  for (const key of [gina, hans]) expect(record(JOINED, key ?? fail()).rows).toBeGreaterThan(0);
});

test.each(["records_by_contig", "variants_by_presence"])(
  "the shipped cell %s is one table on both engines",
  async (asset) => {
    const anna = ANNA ?? fail();
    const facts = await duckdb.open({ spillDirectory: join(root, "spill") });
    const tables: unknown[] = [];
    for (const { name } of engines) {
      const run = await workspace.startRun(asset, anna, { engine: name });
      await run.ended;
      const made = record(asset, anna);
      expect(made.engine).toContain(name);
      const hash = made.files.find((file) => file.name === made.table)?.hash ?? fail();
      const path = objectPath(workspace.paths.home, hash);
      tables.push([made.columns, await facts.rows(`from read_parquet('${path}') order by all`)]);
    }
    facts.close();
    expect(JSON.stringify(tables[1])).toBe(JSON.stringify(tables[0]));
  },
);
