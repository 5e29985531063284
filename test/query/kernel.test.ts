import { expect, onTestFinished, test } from "vitest";

import type { LiveQuery } from "#protocol/kernel-messages.ts";

import { Kernel } from "../../server/kernels/kernel.ts";
import { dropAhead, forkAhead } from "../../server/kernels/kernel-process.ts";
import { childrenOf, until } from "../support/karyon.ts";
import { bench, never, rowsOf, textOf } from "./support.ts";
import type { Bench } from "./support.ts";

/** A kernel process of its own. */
async function kernelOf(one: Bench): Promise<Kernel> {
  const kernel = await Kernel.start(one.settings);
  onTestFinished(() => kernel.kill());
  return kernel;
}

function query(source: string): LiveQuery {
  return { cells: [{ name: "asked", source, attributes: {}, values: [] }], tables: {}, limit: 1_000_000 };
}

test("a kernel process gives pages, counts, statistics, queries and exports", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select n::integer as n from range(1000) t(n)");
  const kernel = await kernelOf(one);
  const table = { path, view: { sort: [{ column: "n", descending: true }] } };
  expect(await kernel.rows(table, never)).toBe(1_000);
  expect(await rowsOf(kernel.page(table, { offset: 1, limit: 2 }, never))).toEqual([{ n: 998 }, { n: 997 }]);
  expect(await kernel.column(table, "n", never)).toMatchObject({ rows: 1_000, distinct: 1_000 });
  expect(await rowsOf(kernel.query(query("select 1 as one"), never))).toEqual([{ one: 1 }]);
  expect((await textOf(kernel.export(table, "csv", never))).split("\r\n").slice(0, 2)).toEqual(["n", "999"]);
  await expect(kernel.column(table, "m", never)).rejects.toMatchObject({ info: { code: "usage" } });
}, 30_000);

test.runIf(process.platform === "linux")(
  "a kernel that was forked ahead is the first to be asked, and once only",
  async () => {
    const one = await bench();
    const before = await childrenOf(process);
    forkAhead();
    const [ahead] = (await childrenOf(process)).filter((pid) => !before.includes(pid));
    expect(ahead).toBeGreaterThan(0);
    const first = await kernelOf(one);
    const second = await kernelOf(one);
    expect(first.pid).toBe(ahead);
    expect(second.pid).not.toBe(ahead);
    expect(await rowsOf(first.query(query("select 1 as one"), never))).toEqual([{ one: 1 }]);
    dropAhead();
    expect(first.alive).toBe(true);
  },
  30_000,
);

test.runIf(process.platform === "linux")(
  "a kernel that was forked ahead and is not needed, or is gone, is nobody's",
  async () => {
    const one = await bench();
    const before = await childrenOf(process);
    const ahead = async (): Promise<number[]> =>
      (await childrenOf(process)).filter((pid) => !before.includes(pid));
    forkAhead();
    dropAhead();
    await until(async () => (await ahead()).length === 0);
    forkAhead();
    const [gone = 0] = await ahead();
    process.kill(gone, "SIGKILL");
    await until(async () => (await ahead()).length === 0);
    const kernel = await kernelOf(one);
    expect(kernel.pid).not.toBe(gone);
    expect(await rowsOf(kernel.query(query("select 1 as one"), never))).toEqual([{ one: 1 }]);
  },
  30_000,
);

test("of queries that follow on one another the newest wins; the others stop", async () => {
  const kernel = await kernelOf(await bench());
  await rowsOf(kernel.query(query("select 1"), never));
  const heavy = "select count(*) as n from range(100000000000) a, range(1000) b where a.range % 7 = b.range";
  for (let i = 0; i < 5; i++) {
    const stop = new AbortController();
    const superseded = rowsOf(kernel.query(query(heavy), stop.signal));
    // It runs: another query goes through the kernel meanwhile.
    expect(await rowsOf(kernel.query(query(`select ${i} as i`), never))).toEqual([{ i }]);
    const asked = performance.now();
    stop.abort();
    await expect(superseded).rejects.toMatchObject({ info: { code: "cancelled" } });
    expect(performance.now() - asked).toBeLessThan(5_000);
  }
  expect(kernel.alive).toBe(true);
}, 60_000);

test("a stream that nobody reads on does not run ahead, and its kernel goes on", async () => {
  const kernel = await kernelOf(await bench());
  const stream = kernel.query(
    query("select range as n, repeat('x', 1000) as text from range(1000000)"),
    never,
  );
  await stream.next();
  expect(await rowsOf(kernel.query(query("select 1 as one"), never))).toEqual([{ one: 1 }]);
  await stream.return(undefined);
  expect(kernel.alive).toBe(true);
}, 30_000);
