import { symlink } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { writeRows } from "../../kernel/scripts/write-rows.ts";
import { bench, never } from "../query/support.ts";

test.runIf(process.platform === "linux")(
  "a disk that is full while a script is waited for fails its cell, and not the kernel",
  async () => {
    const { root, settings } = await bench();
    const path = join(root, "rows.parquet");
    // Whatever is written there finds no space.
    await symlink("/dev/full", `${path}.jsonl`);
    const connection = await duckdb.open({ spillDirectory: settings.spill, threads: 1 });
    const rows = async function* (): AsyncGenerator<object> {
      yield { n: 1 };
      await wait(100);
      yield { n: 2 };
    };
    try {
      await expect(writeRows(rows(), path, connection, never)).rejects.toMatchObject({ code: "ENOSPC" });
    } finally {
      connection.close();
    }
  },
);
