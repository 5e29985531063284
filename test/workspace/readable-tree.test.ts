/** Files of the readable tree that are no longer what stands: the next run shows that again, and makes nothing. */
import { mkdir, readdir, readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { endedWords } from "#protocol/ended-words.ts";

import { partitionDirectory } from "../../server/runs/published-tree.ts";
import { runView } from "../../server/runs/run-view.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const ASSET = "user_vcf_normalized";
const TABLE = `${ASSET}.parquet`;

let made: Genome;
let shown: string;

beforeAll(async () => {
  made = await genome("\n```sql counted asset\nselect count(*) as n from user_vcf_normalized\n```\n");
  await made.make(ASSET);
  shown = join(partitionDirectory(made.workspace.paths.output, made.partition), TABLE);
});

afterAll(() => made.close());

async function isShown(): Promise<boolean> {
  const [there, stored] = await Promise.all([stat(shown), stat(made.file(ASSET, TABLE))]);
  return there.ino === stored.ino;
}

test("what a person moved away is there again", async () => {
  expect(await isShown()).toBe(true);
  await rm(made.workspace.paths.output, { recursive: true });
  expect((await made.make(`+${ASSET}`)).steps).toEqual([]);
  expect(await isShown()).toBe(true);
});

test("what is shown of an earlier version, as by a process that died before it showed the next, is replaced", async () => {
  const { length } = await readFile(shown);
  await unlink(shown);
  await writeFile(shown, Buffer.alloc(length));
  await utimes(shown, 1000, 1000);
  expect((await made.make(ASSET)).steps).toEqual([]);
  expect(await isShown()).toBe(true);
});

test("a copy, as where a file system has no links, is left", async () => {
  const copy = await readFile(shown);
  await unlink(shown);
  await writeFile(shown, copy);
  await made.make(ASSET);
  expect(await isShown()).toBe(false);
});

test("what is made and cannot be shown is kept, and its run says so", async () => {
  const folder = dirname(shown);
  await rm(folder, { recursive: true });
  await writeFile(folder, "in the way");
  const { catalog } = made.workspace;
  await expect(made.make("counted")).rejects.toThrow(`not a folder: ${folder}`);
  const [id = 0] = catalog.runs(1);
  const run = runView(id, catalog.eventsOfRun(id));
  expect(run).toMatchObject({ state: "failed", steps: [{ state: "done" }] });
  expect(run === null ? [] : endedWords(run)).toEqual(["counted: made, and kept."]);
  await unlink(folder);
  expect(await made.make("counted")).toMatchObject({ state: "done", steps: [] });
  expect(await readdir(folder)).toEqual(["counted.parquet"]);
});

test("a link that cannot take its place is not left beside it", async () => {
  const target = join(dirname(shown), "counted.parquet");
  await unlink(target);
  await mkdir(target);
  await expect(made.make("counted")).rejects.toThrow();
  expect(await readdir(dirname(shown))).toEqual(["counted.parquet"]);
});
