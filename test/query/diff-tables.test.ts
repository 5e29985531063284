import { expect, test } from "vitest";

import type { TableDiff } from "#protocol/diff.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { diffTables, sinkDiff } from "../../kernel/query/diff-tables.ts";
import { bench, never } from "./support.ts";

type Row = readonly [
  module: string,
  rsid: string | null,
  genotype: string,
  weight: number | null,
  conclusion?: string,
];

/** Rows of annotations. */
function rows(...list: readonly Row[]): string {
  const values = list.map(
    ([module, rsid, genotype, weight, conclusion = "as known"]) =>
      `('${module}', ${rsid === null ? "null" : `'${rsid}'`}, '1', 100, 'A', 'G',
        string_split('${genotype}', '/'), 'MTHFR', ${weight ?? "null"}::double, '${conclusion}', 'called')`,
  );
  return `select * from (values ${values.join(", ")})
    t(module, rsid, chrom, start, ref, alt, genotype, gene, weight, conclusion, genotype_evidence)`;
}

async function diffOf(before: string, after: string, key: readonly string[] = []): Promise<TableDiff> {
  const one = await bench();
  const paths = {
    before: await one.store("before.parquet", before),
    after: await one.store("after.parquet", after),
  };
  const connection = await duckdb.open({
    spillDirectory: one.settings.spill,
    allowedPaths: Object.values(paths),
  });
  try {
    return await diffTables(connection, { ...paths, key }, never);
  } finally {
    connection.close();
  }
}

const BEFORE = rows(
  ["panel", "rs1801133", "A/A", -1.2],
  ["panel", "rs1801131", "G/T", -0.5],
  ["panel", null, "C/C", null],
  ["coronary", "rs1", "A/G", 0.25],
  ["gone", "rs2", "A/G", 1],
);
const AFTER = rows(
  ["panel", "rs1801133", "A/A", -0.8],
  ["panel", "rs1801131", "G/T", -0.5, "in other words"],
  ["panel", null, "C/C", null],
  ["panel", "rs5", "T/T", 2],
  ["coronary", "rs1", "A/G", 0.25],
);

test("rows of annotations that came, went and changed are counted by module, with the totals of both sides", async () => {
  const diff = await diffOf(BEFORE, AFTER);
  expect(diff.key).toEqual({
    columns: ["module", "chrom", "start", "ref", "genotype", "rsid"],
    rule: "site",
  });
  expect(diff.counts).toEqual({ before: 5, after: 5, added: 1, removed: 1, changed: 2 });
  expect(
    diff.modules?.map((one) => [
      one.module,
      one.added,
      one.removed,
      one.changed,
      one.rows_before,
      one.rows_after,
      one.net_weight_before,
      one.net_weight_after,
    ]),
  ).toEqual([
    ["coronary", 0, 0, 0, 1, 1, 0.25, 0.25],
    ["gone", 0, 1, 0, 1, 0, 1, null],
    ["panel", 1, 0, 2, 3, 4, -1.7, 0.7],
  ]);
  const [, heavy] = (await diffOf(rows(["panel", "rs1", "A/G", 4e12]), AFTER)).modules ?? [];
  expect(heavy).toMatchObject({ module: "panel", net_weight_before: 4e12 });
  const [huge] =
    (await diffOf(rows(["panel", "rs1", "A/G", 1e300]), rows(["panel", "rs1", "A/G", -0.5]))).modules ?? [];
  expect(huge).toMatchObject({ net_weight_before: 1e300, net_weight_after: -0.5 });
});

test("the rows whose weight moved most come first, and say what changed", async () => {
  const diff = await diffOf(BEFORE, AFTER);
  expect(diff.rows.map(({ kind, key }) => [kind, key[5]])).toEqual([
    ["added", "rs5"],
    ["removed", "rs2"],
    ["changed", "rs1801133"],
    ["changed", "rs1801131"],
  ]);
  expect(diff.rows[0]?.key).toEqual(["panel", "1", "100", "A", "T/T", "rs5"]);
  expect(diff.rows[2]?.cells).toEqual([{ column: "weight", before: "-1.2", after: "-0.8" }]);
  expect(diff.rows[3]?.cells).toEqual([
    { column: "conclusion", before: "as known", after: "in other words" },
  ]);
  expect(diff.columns.filter(({ rows: changed }) => changed > 0)).toEqual([
    { name: "weight", is: "compared", rows: 1 },
    { name: "conclusion", is: "compared", rows: 1 },
  ]);
});

test("a table compared with itself did not move, though rows of it are equal", async () => {
  const same = rows(["panel", "rs1", "A/A", 1], ["panel", "rs1", "A/A", 1]);
  const diff = await diffOf(same, same);
  expect(diff.rows).toEqual([]);
  expect(diff.counts).toEqual({ before: 2, after: 2, added: 0, removed: 0, changed: 0 });
});

test("variants are the same at one site with one allele, whatever the genotype", async () => {
  const diff = await diffOf(
    "select * from (values ('1', 10, 'A', 'G', '0/1'), ('1', 20, 'A', 'G', '0/1')) t(chrom, start, ref, alt, \"GT\")",
    "select * from (values ('1', 10, 'A', 'G', '1/1'), ('1', 20, 'A', 'T', '0/1')) t(chrom, start, ref, alt, \"GT\")",
  );
  expect(diff.key).toEqual({ columns: ["chrom", "start", "ref", "alt"], rule: "site" });
  expect(diff.modules).toBeNull();
  expect(diff.rows.map(({ kind, key, cells }) => [kind, key.join(" "), cells])).toEqual([
    ["changed", "1 10 A G", [{ column: "GT", before: "0/1", after: "1/1" }]],
    ["added", "1 20 A T", [{ column: "GT", before: null, after: "0/1" }]],
    ["removed", "1 20 A G", [{ column: "GT", before: "0/1", after: null }]],
  ]);
});

test("another table is told apart by its fewest first columns, or by those that are named", async () => {
  const table = (n: number): string =>
    `select * from (values ('1', 'a', ${n}), ('1', 'b', 2)) t(chrom, part, records)`;
  expect((await diffOf(table(1), table(5))).key).toEqual({ columns: ["chrom", "part"], rule: "leading" });
  const named = await diffOf(table(1), table(5), ["part"]);
  expect(named.key).toEqual({ columns: ["part"], rule: "given" });
  expect(named.rows).toMatchObject([
    { kind: "changed", key: ["a"], cells: [{ column: "records", before: "1", after: "5" }] },
  ]);
  await expect(diffOf(table(1), table(5), ["nothing"])).rejects.toThrow("column not found: nothing");
});

test("rows that nothing tells apart are only added and removed", async () => {
  const diff = await diffOf(
    "select * from (values (0.5, 'a'), (0.5, 'a')) t(x, y)",
    "select * from (values (0.5, 'a'), (0.7, 'a')) t(x, y)",
  );
  expect(diff.key.rule).toBe("whole row");
  expect(diff.counts).toEqual({ before: 2, after: 2, added: 1, removed: 1, changed: 0 });
});

test("a column that came or went is named and not compared; one of another type is compared as text", async () => {
  const diff = await diffOf(
    "select 'a' as name, 1 as n, 2 as old, [1, 2] as list",
    "select 'a' as name, '1' as n, 3 as new, ['1', '2'] as list",
  );
  expect(diff.columns).toEqual([
    { name: "n", is: "compared", rows: 0 },
    { name: "new", is: "added", rows: 0 },
    { name: "list", is: "compared", rows: 0 },
    { name: "old", is: "removed", rows: 0 },
  ]);
  expect(diff.counts.changed).toBe(0);
});

test("a kept table has the differences in the order of the rows and of the columns, so that it is always the same", async () => {
  const one = await bench();
  const table = (n: number): string =>
    `select i::varchar as id, i + ${n} as z, 'x' || (i + ${n}) as a, (i + ${n})::float as m from range(100000) t(i)`;
  const before = await one.store("before.parquet", table(1));
  const after = await one.store("after.parquet", table(2));
  const connection = await duckdb.open({ spillDirectory: one.settings.spill, threads: 4 });
  const target = `${one.root}/diff.parquet`;
  await sinkDiff(connection, { before, after, key: ["id"] }, target, never);
  const [found] = await connection.rows(
    `select count(*) as cells, count(*) filter (id = (file_row_number // 3)::varchar
       and "column" = ['z', 'a', 'm'][file_row_number % 3 + 1]) as in_place
     from read_parquet('${target}', file_row_number = true)`,
  );
  connection.close();
  expect(found).toEqual({ cells: 300_000, in_place: 300_000 });
});

test.each(["cell", "place", "kind", "b_rows"])(
  "a table may be told apart by a column named %s",
  async (name) => {
    const one = await bench();
    const table = (n: number): string => `select 'k' || (9 - i) as ${name}, i + ${n} as n from range(3) t(i)`;
    const before = await one.store("before.parquet", table(1));
    const after = await one.store("after.parquet", table(2));
    const connection = await duckdb.open({ spillDirectory: one.settings.spill });
    const target = `${one.root}/diff.parquet`;
    await sinkDiff(connection, { before, after, key: [] }, target, never);
    const found = await connection.rows<Record<string, unknown>>(`from '${target}'`);
    connection.close();
    // In the order of the rows, not of the key.
    expect(found.map((row) => Object.values(row))).toEqual([
      ["changed", "k9", "n", "1", "2"],
      ["changed", "k8", "n", "2", "3"],
      ["changed", "k7", "n", "3", "4"],
    ]);
  },
);

test("tables without a column in common are not compared", async () => {
  await expect(diffOf("select 1 as a", "select 1 as b")).rejects.toThrow(
    "the two tables have no column in common",
  );
});

test("every difference is a row of a kept table", async () => {
  const one = await bench();
  const before = await one.store("before.parquet", BEFORE);
  const after = await one.store("after.parquet", AFTER);
  const connection = await duckdb.open({ spillDirectory: one.settings.spill });
  const target = `${one.root}/diff.parquet`;
  await sinkDiff(connection, { before, after, key: [] }, target, never);
  const found = await connection.rows(
    `select kind, rsid, genotype, "column", before, after from read_parquet('${target}') where kind = 'changed'`,
  );
  connection.close();
  expect(found).toEqual([
    {
      kind: "changed",
      rsid: "rs1801133",
      genotype: ["A", "A"],
      column: "weight",
      before: "-1.2",
      after: "-0.8",
    },
    {
      kind: "changed",
      rsid: "rs1801131",
      genotype: ["G", "T"],
      column: "conclusion",
      before: "as known",
      after: "in other words",
    },
  ]);
});

test("calls of a genotyping array are the same by rsID: the file states no place that others have", async () => {
  const calls = (...list: readonly (readonly [rsid: string, genotype: string])[]): string => {
    const values = list.map(([rsid, genotype], at) => `('1', ${at}, '${rsid}', '${genotype}')`);
    return `select *, null::integer as start, null::text as ref, null::text as alt
      from (values ${values.join(", ")}) t(chrom, file_position, rsid, genotype)`;
  };
  const found = await diffOf(
    calls(["rs1", "A/A"], ["rs2", "A/G"], ["rs3", "C/C"]),
    calls(["rs1", "A/A"], ["rs3", "C/T"]),
  );
  expect(found.key).toEqual({ columns: ["rsid"], rule: "site" });
  expect(found.counts).toMatchObject({ added: 0, removed: 1, changed: 1 });
});
