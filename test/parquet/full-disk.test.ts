import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { BlockWriter } from "../../kernel/export/block-writer.ts";
import { ParquetConcatenation } from "../../kernel/parquet/concatenate-parquet.ts";
import { withFullDisk } from "../support/full-disk.ts";

const onLinux = test.runIf(process.platform === "linux");

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "karyon-full-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

onLinux("a part of a table for which the disk has no room is an error", async () => {
  const path = await folder();
  const connection = await duckdb.open({ spillDirectory: join(path, "spill"), threads: 1 });
  onTestFinished(() => connection.close());
  const part = join(path, "part.parquet");
  await connection.sink("select md5(i::varchar) as text from range(2000) t(i)", part);
  const half = Math.floor((await stat(part)).size / 2);
  const whole = await ParquetConcatenation.open(join(path, "whole.parquet"));
  onTestFinished(() => whole.close());
  await withFullDisk(half, () => expect(whole.add(part)).rejects.toThrow("EFBIG"));
});

onLinux("a block of an exported table for which the disk has no room is an error", async () => {
  const file = await open(join(await folder(), "blocks"), "w");
  onTestFinished(() => file.close());
  const writer = new BlockWriter(file);
  await withFullDisk(10, () => expect(writer.add([Uint8Array.of(1, 2, 3)])).rejects.toThrow("EFBIG"));
});
