import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { columnLineage } from "../../kernel/query/column-lineage.ts";
import type { ReadTable } from "../../kernel/query/column-lineage.ts";
import type { TableColumnRef } from "../../kernel/query/plan-columns.ts";

const TABLES: readonly ReadTable[] = [
  {
    name: "v",
    columns: [
      { name: "chrom", type: "VARCHAR" },
      { name: "start", type: "INTEGER" },
      { name: "alt", type: "VARCHAR" },
      { name: "genotype", type: "VARCHAR[]" },
      { name: "info", type: "STRUCT(a INTEGER, b VARCHAR)" },
    ],
  },
  {
    name: "modules/m",
    columns: [
      { name: "rsid", type: "VARCHAR" },
      { name: "chrom", type: "VARCHAR" },
      { name: "start", type: "INTEGER" },
      { name: "weight", type: "DOUBLE" },
      { name: "category", type: "VARCHAR" },
    ],
  },
];
const M = '"modules/m"';

let connection: Connection;
beforeAll(async () => {
  connection = await duckdb.open({ spillDirectory: "/nowhere" });
});
afterAll(() => connection.close());

function words(refs: Iterable<TableColumnRef>): string {
  return [...refs]
    .map(({ table, column }) => `${table === "v" ? "v" : "m"}.${column}`)
    .toSorted()
    .join(" ");
}

/** `name = v.chrom`: copied; `~`: computed; `Σ`: aggregated; the last line: what says which rows there are. */
async function lineage(sql: string): Promise<string[] | null> {
  const found = await columnLineage(sql, TABLES, connection);
  if (found === null) return null;
  const marks = { copied: "=", computed: "~", aggregated: "Σ" };
  const columns = found.columns.map(({ name, how, of }) => `${name} ${marks[how]} ${words(of)}`.trimEnd());
  return [...columns, `rows: ${words(found.rows)}`.trimEnd()];
}

test.each<[string, string, string[]]>([
  ["columns as they are", "select start, chrom as c from v", ["start = v.start", "c = v.chrom", "rows:"]],
  [
    "stars with columns left out, replaced and renamed, of a query of WITH",
    "with t as (select * from v where alt <> '') select * exclude (genotype, info) replace (start + 1 as start) rename (alt as other) from t; -- done",
    ["chrom = v.chrom", "start ~ v.start", "other = v.alt", "rows: v.alt"],
  ],
  ["COLUMNS", "select columns('^(ch|st)') from v", ["chrom = v.chrom", "start = v.start", "rows:"]],
  ["a part of a struct", "select info.a from v", ["a ~ v.info", "rows:"]],
  [
    "constants and numbers of rows",
    "select 1 as one, row_number() over () as n from v",
    ["one ~", "n ~", "rows:"],
  ],
  [
    "a lambda",
    "select list_transform(genotype, lambda g: g || alt) as l from v",
    ["l ~ v.alt v.genotype", "rows:"],
  ],
  [
    "a join by USING, with a condition",
    `select chrom, weight * 2 as w from v join ${M} m using (chrom, start) where category = 'x' order by rsid`,
    ["chrom = v.chrom", "w ~ m.weight", "rows: m.category m.chrom m.rsid m.start v.chrom v.start"],
  ],
  [
    "a left join on inequalities",
    `select v.start, m.start as other from v left join ${M} m on v.start < m.start + 5`,
    ["start = v.start", "other = m.start", "rows: m.start v.start"],
  ],
  [
    "ASOF",
    `select v.alt, m.weight from v asof join ${M} m on v.chrom = m.chrom and v.start >= m.start`,
    ["alt = v.alt", "weight = m.weight", "rows: m.chrom m.start v.chrom v.start"],
  ],
  [
    "semi and anti joins",
    `select alt from v semi join ${M} m using (chrom) anti join ${M} n using (start)`,
    ["alt = v.alt", "rows: m.chrom m.start v.chrom v.start"],
  ],
  [
    "groups and totals",
    `select chrom, sum(weight) filter (start > 5) as total, count(*) as n from ${M} group by all having max(category) > 'a'`,
    ["chrom = m.chrom", "total Σ m.start m.weight", "n Σ", "rows: m.category m.chrom"],
  ],
  [
    "ROLLUP",
    `select chrom, grouping(chrom) as g, avg(weight) as w from ${M} group by rollup (chrom, category)`,
    ["chrom = m.chrom", "g ~ m.chrom", "w Σ m.weight", "rows: m.category m.chrom"],
  ],
  [
    "windows and QUALIFY",
    "select start, max(start) over (partition by chrom) as most from v qualify row_number() over (partition by alt order by start) = 1",
    ["start = v.start", "most ~ v.chrom v.start", "rows: v.alt v.start"],
  ],
  [
    "a subquery that hangs on the row",
    `select alt, (select max(weight) from ${M} m where m.start = v.start) as best from v`,
    ["alt = v.alt", "best Σ m.weight", "rows: m.start v.start"],
  ],
  [
    "EXISTS in EXISTS",
    `select alt from v where exists (select 1 from ${M} m where m.chrom = v.chrom and exists (select 1 from ${M} n where n.start = v.start and n.rsid = m.rsid))`,
    ["alt = v.alt", "rows: m.chrom m.rsid m.start v.chrom v.start"],
  ],
  [
    "IN as a value",
    `select start in (select start from ${M}) as known from v`,
    ["known ~ m.start v.start", "rows:"],
  ],
  [
    "LATERAL",
    `select alt, w from v, lateral (select weight as w from ${M} m where m.start = v.start limit 1)`,
    ["alt = v.alt", "w = m.weight", "rows: m.start v.start"],
  ],
  [
    "unnest",
    "select unnest(genotype) as g, chrom from v",
    ["g ~ v.genotype", "chrom = v.chrom", "rows: v.genotype"],
  ],
  [
    "unnest of the row beside",
    "select a.alt, g from v a, unnest(a.genotype) as t(g)",
    ["alt = v.alt", "g ~ v.genotype", "rows: v.genotype"],
  ],
  [
    "a recursive query",
    "with recursive r as (select start, alt from v union all select start + 1, alt from r where start < 9) select * from r",
    ["start ~ v.start", "alt = v.alt", "rows: v.start"],
  ],
  [
    "PIVOT with its values",
    `from ${M} pivot (sum(weight) for category in ('a', 'b') group by chrom)`,
    ["chrom = m.chrom", "a Σ m.category m.weight", "b Σ m.category m.weight", "rows: m.chrom"],
  ],
  [
    "UNPIVOT",
    `select rsid, name, val from ${M} unpivot (val for name in (start, weight))`,
    ["rsid = m.rsid", "name ~", "val ~ m.start m.weight", "rows: m.start m.weight"],
  ],
  [
    "UNION BY NAME",
    `select chrom, alt from v union all by name select rsid, chrom from ${M}`,
    ["chrom = m.chrom v.chrom", "alt ~ v.alt", "rsid ~ m.rsid", "rows:"],
  ],
  [
    "EXCEPT",
    `select chrom from v except select chrom from ${M}`,
    ["chrom = v.chrom", "rows: m.chrom v.chrom"],
  ],
  [
    "DISTINCT ON",
    "select distinct on (chrom) alt from v order by start",
    ["alt = v.alt", "rows: v.chrom v.start"],
  ],
  [
    "VALUES beside a table",
    "select n, alt from v, (values (1, 'a'), (2, 'b')) t(n, s) where s = alt",
    ["n ~", "alt = v.alt", "rows: v.alt"],
  ],
  ["a function that makes rows", "select range as i, alt from range(3), v", ["i ~", "alt = v.alt", "rows:"]],
  ["a sample", "select alt from v using sample 3 rows", ["alt = v.alt", "rows:"]],
])("%s", async (_, sql, expected) => {
  expect(await lineage(sql)).toEqual(expected);
});

test("PIVOT over many values", async () => {
  const values = Array.from({ length: 40 }, (_, at) => `'c${at}'`).join(", ");
  const found = await lineage(`from ${M} pivot (sum(weight) for category in (${values}) group by chrom)`);
  expect(found?.slice(0, 2)).toEqual(["chrom = m.chrom", "c0 Σ m.category m.weight"]);
  expect(found).toHaveLength(42);
});

test("nothing is guessed of what DuckDB does not take, and nothing is left behind", async () => {
  expect(await lineage("select nothing_like_it from v")).toBeNull();
  expect(await connection.rows("select table_name from duckdb_tables()")).toEqual([]);
});
