/** Files of the readable tree that are no longer what stands: the next run shows that again, and makes nothing. */
import { readFile, rm, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { partitionDirectory } from "../../server/runs/published-tree.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const ASSET = "user_vcf_normalized";
const TABLE = `${ASSET}.parquet`;

let made: Genome;
let shown: string;

beforeAll(async () => {
  made = await genome();
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
