import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { LARGE_SORT, folder, opened } from "./reading.ts";

test("what was asked for is set", async () => {
  const connection = await opened(duckdb, { memoryBytes: 300_000_000, threads: 1, preserveOrder: false });
  const settings = await connection.rows<{ name: string; value: string }>(
    "select name, value from duckdb_settings() where name in ('memory_limit', 'threads', 'preserve_insertion_order')",
  );
  expect(Object.fromEntries(settings.map(({ name, value }) => [name, value]))).toEqual({
    memory_limit: "286.1 MiB",
    threads: "1",
    preserve_insertion_order: "false",
  });
});

test("what does not fit into memory spills to a private folder, which goes when the connection does", async () => {
  const parent = join(await folder(), "spill");
  const connection = await duckdb.open({ spillDirectory: parent, memoryBytes: 150 * 2 ** 20, threads: 2 });
  const [name = ""] = await readdir(parent);
  expect((await stat(join(parent, name))).mode & 0o777).toBe(0o700);
  const sorting = connection.rows(LARGE_SORT);
  let files = 0;
  const rest = new AbortController();
  const ended = sorting.finally(() => rest.abort());
  while (!rest.signal.aborted) files = Math.max(files, (await readdir(join(parent, name))).length);
  await ended;
  expect(await sorting).toEqual([{ n: 12_000_000 }]);
  expect(files).toBeGreaterThan(0);
  connection.close();
  await expect.poll(() => readdir(parent)).toEqual([]);
});

test("a database that cannot be opened leaves no folder behind", async () => {
  const spillDirectory = await folder();
  await expect(duckdb.open({ spillDirectory, threads: -1 })).rejects.toThrow();
  expect(await readdir(spillDirectory)).toEqual([]);
});

test("folders of processes that are gone are swept, those of others are left", async () => {
  const parent = join(await folder(), "spill");
  await mkdir(join(parent, "duckdb-999999999-gone"), { recursive: true });
  await mkdir(join(parent, `duckdb-${process.ppid}-alive`));
  await mkdir(join(parent, "something else"));
  await opened(duckdb, { spillDirectory: parent });
  const names = await readdir(parent);
  expect(names).toEqual(expect.arrayContaining([`duckdb-${process.ppid}-alive`, "something else"]));
  expect(names).not.toContain("duckdb-999999999-gone");
});

test("joins stay as they are written until the last of several sinks with steps has ended", async () => {
  const [connection, path] = [await opened(duckdb), await folder()];
  const [long, short] = [await connection.connect(), await connection.connect()];
  const setting = async (): Promise<unknown> =>
    connection.rows("select current_setting('disabled_optimizers') as disabled");
  const stop = new AbortController();
  const endless = long.sink("select count(*) from much a, much b where a.i * b.i = 7", join(path, "long"), {
    steps: [{ name: "much", sql: "select i from range(1000000) t(i)" }],
    signal: stop.signal,
  });
  const isStopped = expect(endless).rejects.toThrow("stopped");
  const few = { steps: [{ name: "few", sql: "select 1 as i" }] };
  await short.sink("select i from few", join(path, "short"), few);
  const words: unknown = expect.stringContaining("join_order,build_side_probe_side");
  expect(await setting()).toEqual([{ disabled: words }]);
  stop.abort();
  await isStopped;
  expect(await setting()).toEqual([{ disabled: "" }]);
  await expect(short.sink("delete from few", join(path, "none"), few)).rejects.toThrow(/syntax error/);
  expect(await setting()).toEqual([{ disabled: "" }]);
  long.close();
  short.close();
});
