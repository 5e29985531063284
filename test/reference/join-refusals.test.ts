import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { errorInfo } from "#protocol/error.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import { engines } from "../../kernel/engines/index.ts";
import { opened } from "../engines/reading.ts";
import { Joining } from "./joining.ts";
import { row, variant } from "./oracle.ts";
import type { ReferenceRow } from "./oracle.ts";

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open();
});
afterAll(() => joining.close());

describe.each(engines.map((engine) => ({ name: engine.name, engine })))("on $name", ({ engine }) => {
  test.each([
    ["select '1' as chrom, 7 as start, 'A' as ref", "the variants to join have no column alt"],
    [
      `select '1' as "CHROM", 7 as start, 'A' as ref, 'G' as alt`,
      "the variants to join have no column chrom",
    ],
    [
      "select '1' as chrom, '7' as start, 'A' as ref, 'G' as alt",
      "start of the variants to join is not a whole number: VARCHAR",
    ],
    [
      "select 1 as chrom, 7 as start, 'A' as ref, 'G' as alt",
      "chrom of the variants to join is not text: INTEGER",
    ],
    [
      `select '1' as chrom, 7 as start, 'A' as ref, 'G' as alt, 3 as "karyon row"`,
      "the variants to join have a column of a name that a join uses itself: karyon row",
    ],
  ])("a table that is none of variants is refused with its column: %s", async (sql, message) => {
    const { path, shards } = await joining.tableOf(sql);
    await expect(joining.runOn(path, shards, engine)).rejects.toThrow(message);
  });

  test("a reference without a shard for any contig is a failure", async () => {
    const variants = [{ ...variant(1, "A", "G"), chrom: "X" }];
    await expect(joining.run({ variants, reference: { "1": [] } }, engine)).rejects.toThrow(
      "the reference has no shard for X",
    );
  });

  test("what no reference has is not to be downloaded", async () => {
    const hint = async (chrom: string): Promise<string | undefined> => {
      const variants = [{ ...variant(1, "A", "G"), chrom }];
      const failed = joining.run({ variants, reference: { "1": [] } }, engine);
      return errorInfo(await failed.catch((error: unknown) => error)).hint;
    };
    expect(await hint("X")).toBe("Download it: karyon download-ensembl");
    expect(await hint("HLA-A*01:01")).toBe("It lists chromosomes 1 to 22, X, Y and MT.");
  });

  test.each([
    ["replaced by another", (path: string) => copyFileSync(`${path}.other`, path)],
    ["written over by what is no Parquet", (path: string) => writeFileSync(path, "nothing")],
    ["gone", (path: string) => rmSync(path)],
  ])("a shard that is %s while the join runs is named, whatever was read of it", async (_how, change) => {
    const variants = [variant(100, "A", "G")];
    const joined = (...known: ReferenceRow[]): ReturnType<Joining["run"]> =>
      joining.run({ variants, reference: { "1": known } }, engine);
    const other = (await joined(row(90, "A", "T", "rs2"), row(100, "A", "T", "rs3"))).shards.get("1") ?? "";
    await rename(other, `${other}.other`);
    const { shards, variants: path } = await joined(row(100, "A", "G", "rs1"));
    const shard = shards.get("1") ?? "";
    const progress = ({ phase }: { phase: string }): void => {
      if (phase === "looking up contig 1") change(shard);
    };
    await expect(joining.runOn(path, shards, engine, null, progress)).rejects.toThrow(
      "the reference changed while it was read: homo_sapiens-chr1.parquet",
    );
  });
});

test("what an engine says of a damaged shard is told with the contigs that were read, and what looks at it", async () => {
  const variants = ["1", "2", "3"].map((chrom) => ({ ...variant(100, "A", "G"), chrom }));
  const known = [row(100, "A", "G", "rs1")];
  const { shards, variants: path } = await joining.run(
    { variants, reference: { "1": known, "2": known, "3": known } },
    duckdb,
  );
  const shard = shards.get("2") ?? "";
  const bytes = readFileSync(shard);
  const connection = await opened(duckdb);
  // A column that is read for what was found alone, not to find out how far alleles reach.
  const [id] = await connection.rows<{ from: number; size: number }>(
    `select coalesce(dictionary_page_offset, data_page_offset) as "from", total_compressed_size as size
     from parquet_metadata(${quoteText(shard)}) where path_in_schema = 'id'`,
  );
  const { from, size } = id ?? { from: 0, size: 0 };
  writeFileSync(shard, bytes.fill(0, from, from + size));
  const failed = joining.runOn(path, shards, duckdb);
  expect(errorInfo(await failed.catch((error: unknown) => error))).toMatchObject({
    code: "engine",
    message: expect.stringMatching(/^looking up contigs 1 to 3: /),
    hint: "Let karyon verify-ensembl look whether the files of the reference are whole.",
  });
});
