import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { ColumnBatch } from "../../kernel/columns/column-data.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { PartFiles } from "../../kernel/sources/vcf/part-files.ts";

const BATCH: ColumnBatch = {
  rows: 2,
  columns: [
    {
      name: "n",
      data: {
        kind: "fixed",
        type: "INTEGER",
        values: Int32Array.of(1, 2),
        validity: { nulls: 0, bits: Uint8Array.of(0xff) },
      },
    },
  ],
};

test("what cannot be added to a table is heard of as the next part is written, not when all is read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "karyon-parts-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const directory = join(folder, "parts");
  await mkdir(directory);
  const connection = await duckdb.open({ spillDirectory: join(folder, "spill"), threads: 1 });
  onTestFinished(() => connection.close());
  const targets = { kept: join(folder, "gone", "kept.parquet") };
  const parts = new PartFiles(targets, [connection], directory, new AbortController().signal);
  await parts.write("kept", BATCH);
  await expect(parts.write("kept", BATCH)).rejects.toThrow("ENOENT");
  await parts.close();
});
