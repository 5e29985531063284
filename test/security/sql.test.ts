/** Attack cases D27, D30, D31: what the SQL of a cell can reach and use up. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import { sql } from "../../kernel/cells/sql.ts";
import type { Step, WorkContext } from "../../kernel/cells/cell-type.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { bench, never, rowsOf } from "../query/support.ts";
import type { Bench } from "../query/support.ts";

const CANARY = "canary-4711";

async function live(one: Bench, source: string, engine = "duckdb"): Promise<ErrorInfo> {
  const hits = await one.store("hits.parquet", "select 1 as n");
  const cell = { name: "attack", source, values: [], attributes: { engine } };
  const query = { cells: [cell], tables: { hits }, limit: 10 };
  return refusal(rowsOf(one.interactive.query(query, never)));
}

/** Runs the step of a `sql … asset` cell as the kernel does. */
async function kept(one: Bench, source: string): Promise<ErrorInfo> {
  const { spill } = one.settings;
  const staging = join(one.root, "staging", "1");
  await mkdir(staging, { recursive: true });
  const cell = { name: "attack", attributes: {}, source };
  const step = { asset: "attack", cell, inputs: [], staging } as unknown as Step;
  const context: WorkContext = {
    ...one.settings,
    limits: { memoryBytes: 2 ** 30, threads: 2 },
    signal: never,
    progress: () => {},
    connect: (reach = {}) => duckdb.open({ ...reach, spillDirectory: spill, threads: 2 }),
    connectShared: () => duckdb.open({ spillDirectory: spill, threads: 2 }),
  };
  return refusal(sql.materialise?.(step, context) ?? Promise.resolve(null));
}

async function refusal(work: Promise<unknown>): Promise<ErrorInfo> {
  const error: unknown = await work.then(
    (value) => new Error(`let through: ${JSON.stringify(value)}`),
    (caught: unknown) => caught,
  );
  if (!(error instanceof WorkspaceError)) throw error;
  return error.info;
}

const ATTACKS: readonly ((outside: string) => string)[] = [
  () => "select * from read_text('/etc/passwd')",
  () => "select * from read_csv('/etc/passwd', delim = ':')",
  () => "select * from '/etc/passwd'",
  (outside) => `select * from '${outside}/secret.csv'`,
  (outside) => `select * from read_blob('${outside}/*')`,
  () => "select * from glob('/**')",
  () => "select * from glob('*')",
  () => "select * from read_parquet('/etc/*.parquet')",
  () => "select * from parquet_metadata('/etc/passwd')",
  () => "select * from read_json('http://169.254.169.254/latest')",
  () => "select * from sniff_csv('/etc/passwd')",
  (outside) => `copy (select 1) to '${outside}/stolen.csv'`,
  (outside) => `select 1) to '${outside}/stolen.csv' (format csv) --`,
  (outside) => `select 1) select * from (select 1); copy (select 1) to '${outside}/stolen.csv'; select (1`,
  (outside) => `attach '${outside}/stolen.csv' as stolen`,
  () => "install httpfs",
  () => "load httpfs",
  () => "set enable_external_access = true",
  () => "pragma database_list",
  () => "call pragma_version()",
  () => "create table t as select 1",
  (outside) => `export database '${outside}/stolen.csv'`,
  () => "select getenv('HOME')",
  () => "from query('select 1')",
  () => "from query_table(['hits'])",
  () => "select * from duckdb_settings()",
  () => "select * from duckdb_secrets()",
  () => "select * from pragma_table_info('hits')",
  () => "select * from information_schema.tables",
];

test.each(ATTACKS.map((attack) => [attack("OUTSIDE"), attack] as const))(
  "a live cell cannot: %s",
  async (_text, attack) => {
    const one = await bench();
    const outside = join(one.root, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "secret.csv"), `a,b\n${CANARY},1\n`);
    const info = await live(one, attack(outside));
    expect(["engine", "notebook"]).toContain(info.code);
    expect(JSON.stringify(info)).not.toContain(CANARY);
    expect(JSON.stringify(info)).not.toContain("root:");
    expect(existsSync(join(outside, "stolen.csv"))).toBe(false);
  },
);

const FILES = ATTACKS.slice(0, 18);
test.each(FILES.map((attack) => [attack("OUTSIDE"), attack] as const))(
  "a kept cell cannot: %s",
  async (_text, attack) => {
    const one = await bench();
    const outside = join(one.root, "outside");
    await mkdir(outside);
    await writeFile(join(outside, "secret.csv"), `a,b\n${CANARY},1\n`);
    const info = await kept(one, attack(outside));
    expect(JSON.stringify(info)).not.toContain(CANARY);
    expect(existsSync(join(outside, "stolen.csv"))).toBe(false);
  },
);

test.each([
  "select * from read_csv('/etc/passwd')",
  "select * from scan_csv('/etc/passwd')",
  "select * from '/etc/passwd'",
])("a live cell on Polars cannot: %s", async (attack) => {
  const one = await bench();
  expect(["engine", "notebook"]).toContain((await live(one, attack, "polars")).code);
});

test("an object that the cell does not name is out of reach, though it lies beside one that it does", async () => {
  const one = await bench();
  const other = await one.store("other.parquet", `select '${CANARY}' as secret`);
  for (const source of [`select * from '${other}'`, `select * from read_parquet('${other}')`]) {
    expect(JSON.stringify(await live(one, source))).not.toContain(CANARY);
    expect(JSON.stringify(await kept(one, source))).not.toContain(CANARY);
  }
});

test("a refusal is the same whether the file is there or not", async () => {
  const one = await bench();
  const outside = join(one.root, "outside");
  await mkdir(outside);
  await writeFile(join(outside, "there.csv"), "a\n1\n");
  const [there, missing] = await Promise.all(
    ["there", "gone."].map((name) => kept(one, `select * from read_csv('${outside}/${name}.csv')`)),
  );
  expect(JSON.stringify(there).replaceAll("there", "")).toBe(JSON.stringify(missing).replaceAll("gone.", ""));
});

test("a query that wants more memory than there is fails, and the next one works", async () => {
  const one = await bench();
  const hungry = "select length(string_agg(repeat('x', 100000000), '')) as n from range(1000)";
  expect((await live(one, hungry)).code).toBe("memory");
  const cell = { name: "next", source: "select 1 as one", values: [], attributes: {} };
  const rows = await rowsOf(one.interactive.query({ cells: [cell], tables: {}, limit: 1 }, never));
  expect(rows).toEqual([{ one: 1 }]);
});
