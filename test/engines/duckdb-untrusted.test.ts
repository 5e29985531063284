import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { LARGE_SORT, errorOf, folder, messagesOf, opened } from "./reading.ts";

describe("SQL that is not trusted", () => {
  test("reads and writes what it was given", async () => {
    const { connection, inside, outside } = await restricted();
    expect(await connection.rows(`from '${inside}/a.csv'`)).toEqual([{ a: 1 }]);
    expect(await connection.rows(`from '${outside}/single.csv'`)).toEqual([{ a: 2 }]);
    await connection.sink("select 5 as a", join(inside, "b.parquet"));
    await connection.register("b", join(inside, "b.parquet"));
    expect(await connection.rows("from b")).toEqual([{ a: 5 }]);
  });

  test("spills like any other", async () => {
    const root = await folder();
    const connection = await opened(duckdb, { memoryBytes: 150 * 2 ** 20, allowedDirectories: [root] });
    expect(await connection.rows(LARGE_SORT)).toEqual([{ n: 12_000_000 }]);
  });

  const attempts = [
    "from read_csv('OUTSIDE/secret.csv')",
    "from read_csv('INSIDE/../secret.csv')",
    "from read_csv('OUTSIDE/inside-secret/a.csv')",
    "from read_csv('INSIDE/link.csv')",
    "from read_text('/etc/passwd')",
    "from read_blob('/etc/passwd')",
    "from '/etc/passwd'",
    "from glob('/**')",
    "from glob('OUTSIDE/*')",
    "from read_parquet('https://example.org/a.parquet')",
    "copy (select 1) to 'OUTSIDE/x.csv'",
    "copy (select 1) to 'OUTSIDE/x.parquet' (format parquet)",
    "export database 'OUTSIDE/all'",
    "attach 'OUTSIDE/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "load '/tmp/any.duckdb_extension'",
    "select getenv('HOME')",
    "set enable_external_access = true",
    "set allowed_directories = ['/']",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set memory_limit = '100GB'",
    "set temp_directory = '/tmp'",
    "pragma threads = 64",
    "create secret (type s3, key_id 'a', secret 'b')",
  ];

  test.each(attempts)("is refused: %s", async (attempt) => {
    const { connection, inside, outside } = await restricted();
    const sql = attempt.replaceAll("INSIDE", inside).replaceAll("OUTSIDE", outside);
    expect(await errorOf(connection.rows(sql))).toMatchObject({ code: "engine" });
    expect(await errorOf(messagesOf(connection.stream(sql)))).toMatchObject({ code: "engine" });
    expect(await errorOf((await connection.connect()).rows(sql))).toMatchObject({ code: "engine" });
  });

  test("a file that is there and one that is not are refused with the same words", async () => {
    const { connection, outside } = await restricted();
    const there = await errorOf(connection.rows(`from read_csv('${outside}/secret.csv')`));
    const missing = await errorOf(connection.rows(`from read_csv('${outside}/nothere.csv')`));
    expect(missing?.message.replace("nothere", "secret")).toBe(there?.message);
  });
});

async function restricted(): Promise<{ connection: Connection; inside: string; outside: string }> {
  const root = await folder();
  const inside = join(root, "inside");
  await mkdir(inside);
  await writeFile(join(inside, "a.csv"), "a\n1\n");
  await writeFile(join(root, "single.csv"), "a\n2\n");
  await writeFile(join(root, "secret.csv"), "a\n3\n");
  await mkdir(join(root, "inside-secret"));
  await writeFile(join(root, "inside-secret", "a.csv"), "a\n4\n");
  await symlink(join(root, "secret.csv"), join(inside, "link.csv"));
  const connection = await opened(duckdb, {
    allowedDirectories: [inside],
    allowedPaths: [join(root, "single.csv")],
  });
  return { connection, inside, outside: root };
}
