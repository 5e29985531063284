import { readdir, rename } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import type { TableView } from "#protocol/messages.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { Tables } from "../../kernel/query/tables.ts";
import { bench, never, rowsOf } from "./support.ts";

/** rsIDs in no order, one of them in two rows far apart; and texts that only look like one. */
const ROWS = `select n::integer as n, case
    when n = 7 or n = 29999 then 'rs7'
    when n = 8 then 'rs007' when n = 9 then 'RS7' when n = 10 then 'rs7;rs8' when n = 11 then null when n = 12 then ''
    when n = 13 then 'rs99999999999999999999999' else 'rs' || (1000 + n * 7919 % 30011) end as rsid,
  n % 2 = 0 as even from range(30000) t(n)`;

interface Looked {
  readonly tables: Tables;
  readonly path: string;
  /** Column `n` of the rows under a view. */
  readonly rows: (view: TableView) => Promise<unknown[]>;
  readonly index: (signal?: AbortSignal) => Promise<string[]>;
}

async function looked(leastIndexed = 0): Promise<Looked> {
  const { settings, root, store } = await bench();
  const path = await store("t", ROWS);
  const connection = await duckdb.open({ spillDirectory: settings.spill, threads: 2 });
  onTestFinished(() => connection.close());
  const tables = new Tables(connection, root, leastIndexed);
  return {
    tables,
    path,
    async rows(view) {
      const page = await rowsOf(tables.page({ path, view }, { offset: 0, limit: 100 }, never));
      await expect.poll(() => tables.rows({ path, view }, never), { timeout: 30_000 }).toBe(page.length);
      return page.map(({ n }) => n);
    },
    async index(signal = never) {
      const phases = new Set<string>();
      await tables.index(path, signal, ({ phase }) => phases.add(phase));
      return [...phases];
    },
  };
}

const rsid = (value: string, ...more: NonNullable<TableView["filters"]>): TableView => ({
  filters: [{ column: "rsid", is: "equal", value }, ...more],
});
const VIEWS: readonly TableView[] = [
  rsid("rs7"),
  rsid("rs007"),
  rsid("RS7"),
  rsid("rs7;rs8"),
  rsid("rs99999999999999999999999"),
  rsid("rs1"),
  rsid("rs8919"),
  rsid("rs7", { column: "even", is: "equal", value: "true" }),
  { ...rsid("rs7"), sort: [{ column: "n", descending: true }] },
  { ...rsid("rs7"), search: "no such text" },
];

test("an index changes no answer", async () => {
  const [plain, indexed] = [await looked(), await looked()];
  expect(await indexed.index()).toEqual(["indexing the rsIDs"]);
  for (const view of VIEWS) {
    expect([view, await indexed.rows(view)]).toEqual([view, await plain.rows(view)]);
  }
  expect(await indexed.rows(rsid("rs7"))).toEqual([7, 29_999]);
});

test("rows are found by the index alone when it is there", async () => {
  const { path, rows, index, tables } = await looked();
  await index();
  // An index that knows nothing finds nothing: the table is not looked through.
  const connection = await duckdb.open({ spillDirectory: `${path}.spill` });
  await connection.sink("select 1::ubigint as number, 0::uinteger as row where false", `${path}.other`);
  connection.close();
  await rename(`${path}.other`, `${path}.rsid.index`);
  expect(await rows(rsid("rs7"))).toEqual([]);
  const both = { path, view: rsid("rs7;rs8") };
  await expect.poll(() => tables.rows(both, never), { timeout: 30_000 }).toBe(1);
});

test("it is made once, whole or not at all, and not for a small table", async () => {
  const { path, index } = await looked();
  const files = async (): Promise<string[]> =>
    (await readdir(path.slice(0, path.lastIndexOf("/")))).filter((name) => name.startsWith("t."));
  await expect(index(AbortSignal.abort())).rejects.toThrow();
  expect(await files()).toEqual([]);
  await index();
  expect(await files()).toEqual(["t.rsid.index"]);
  expect(await index()).toEqual([]);
  const small = await looked(1_000_000);
  expect(await small.index()).toEqual([]);
});

test("a table without rsIDs gets none", async () => {
  const { settings, root, store } = await bench();
  const path = await store("t", "select 1 as n, 2 as id");
  const connection = await duckdb.open({ spillDirectory: settings.spill, threads: 2 });
  onTestFinished(() => connection.close());
  await new Tables(connection, root, 0).index(path, never, () => expect.unreachable());
  expect(await readdir(settings.objects)).toEqual(["t"]);
});
