import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Progress } from "#protocol/record.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
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
      paths: [path],
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
  test.each([
    ["as it begins to read", 0],
    ["when records have come", 1],
  ])("%s ends as cancelled, and leaves no file", async (_title, least) => {
    const stop = new AbortController();
    const work = run(400_000, stop.signal, ({ records }) => {
      if ((records ?? 0) >= least) stop.abort();
    });
    await expect(work).rejects.toMatchObject({ info: { code: "cancelled" } });
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
  const reading = seen.filter(({ phase }) => phase === "reading a.vcf");
  expect(reading.length).toBeGreaterThan(0);
  expect(reading.every(({ bytes = 0, totalBytes = 0 }) => bytes <= totalBytes && totalBytes > 0)).toBe(true);
  expect(reading.at(-1)?.records).toBeGreaterThan(0);
});

test("a large file that is refused leaves no thread behind", async () => {
  const path = join(directory, "a.vcf");
  await writeFile(path, Buffer.alloc(5_000_000, "BAM\x01"));
  const request = { paths: [path], sample: null, filters: {}, staging: directory, spillDirectory: directory };
  const before = threads();
  const ingest = ingestVcf(request, duckdb, { signal: new AbortController().signal, progress: () => {} });
  await expect(ingest).rejects.toMatchObject({ info: { code: "source" } });
  // One that starts is not counted yet.
  await setTimeout(300);
  expect(threads()).toBe(before);
});

/** Threads of this process that run JavaScript, beside its own. */
function threads(): number {
  return (process.report.getReport() as { workers: unknown[] }).workers.length;
}
