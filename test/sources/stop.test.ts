import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Progress } from "#protocol/record.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { FileFeed } from "../../kernel/sources/vcf/feed.ts";
import { ingestVcf } from "../../kernel/sources/vcf/ingest.ts";
import { tabbed, vcfOf } from "./vcf-case.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "karyon-stop-"));
  await mkdir(join(directory, "staging"));
});
afterEach(() => rm(directory, { recursive: true }));

async function leftBehind(): Promise<string[]> {
  return [...(await readdir(join(directory, "spill"))), ...(await readdir(join(directory, "staging")))];
}

/** Ingests `records` records; `onProgress` may stop it. */
async function run(
  records: number,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<unknown> {
  const lines = Array.from({ length: records }, (_, index) =>
    tabbed(`1 ${index + 1} . A G 50 PASS . GT:DP:AD 0/1:30:1${index % 10},20`),
  );
  const path = join(directory, "a.vcf");
  await writeFile(path, vcfOf({ records: lines }));
  return ingestVcf(
    {
      path,
      sample: null,
      filters: {},
      staging: join(directory, "staging"),
      spillDirectory: join(directory, "spill"),
    },
    duckdb,
    { signal, progress: onProgress },
  );
}

describe("a stopped ingest", () => {
  test("ends before the text does, and leaves no pipe and no file", async () => {
    const stop = new AbortController();
    let read = 0;
    const work = run(400_000, stop.signal, ({ fraction }) => {
      read = fraction ?? 1;
      stop.abort();
    });
    await expect(work).rejects.toMatchObject({ info: { code: "cancelled" } });
    expect(read).toBeLessThan(1);
    expect(await leftBehind()).toEqual([]);
  });

  test("that is stopped before it starts does nothing", async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(run(1, stop.signal, () => undefined)).rejects.toMatchObject({ info: { code: "cancelled" } });
    expect(await readdir(join(directory, "staging"))).toEqual([]);
  });
});

test("progress tells bytes and records", async () => {
  const seen: Progress[] = [];
  await run(400_000, new AbortController().signal, (progress) => seen.push(progress));
  expect(seen[0]).toMatchObject({
    phase: "reading a.vcf",
    records: expect.any(Number),
    bytes: expect.any(Number),
    totalBytes: expect.any(Number),
  });
});

test("where there are no named pipes the text goes through a private file", async () => {
  const path = join(directory, "body.vcf");
  const feed = new FileFeed(path);
  const names = await feed.run(text(["1\t", "2\n"]), () => readdir(directory));
  expect(names).toContain("body.vcf");
});

async function* text(parts: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const part of parts) yield Buffer.from(part);
}
