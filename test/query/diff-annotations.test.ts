import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { diffAnnotations } from "../../kernel/query/diff-annotations.ts";
import { bench, never } from "./support.ts";

type Row = readonly [
  module: string,
  rsid: string | null,
  genotype: string,
  weight: number | null,
  conclusion?: string,
];

function rows(...list: readonly Row[]): string {
  const values = list.map(
    ([module, rsid, genotype, weight, conclusion = "as known"]) =>
      `('${module}', ${rsid === null ? "null" : `'${rsid}'`}, '1', 100,
        string_split('${genotype}', '/'), 'MTHFR', ${weight ?? "null"}::double, 'risk', 'risk', '${conclusion}', 'called')`,
  );
  return `select * from (values ${values.join(", ")})
    t(module, rsid, chrom, start, genotype, gene, weight, state, direction, conclusion, genotype_evidence)`;
}

test("rows that came, went and changed are counted by module, with the totals of both sides", async () => {
  const one = await bench();
  const before = await one.store(
    "before.parquet",
    rows(
      ["panel", "rs1801133", "A/A", -1.2],
      ["panel", "rs1801131", "G/T", -0.5],
      ["panel", null, "C/C", null],
      ["coronary", "rs1", "A/G", 0.25],
      ["gone", "rs2", "A/G", 1],
    ),
  );
  const after = await one.store(
    "after.parquet",
    rows(
      ["panel", "rs1801133", "A/A", -0.8],
      ["panel", "rs1801131", "G/T", -0.5, "in other words"],
      ["panel", null, "C/C", null],
      ["panel", "rs5", "T/T", 2],
      ["coronary", "rs1", "A/G", 0.25],
    ),
  );
  const connection = await duckdb.open({ spillDirectory: one.settings.spill, allowedPaths: [before, after] });
  const diff = await diffAnnotations(connection, before, after, never);
  connection.close();
  const counts = { added: 0, removed: 0, changed: 0 };
  expect(diff.modules).toEqual([
    {
      module: "coronary",
      ...counts,
      rows_before: 1,
      rows_after: 1,
      net_weight_before: 0.25,
      net_weight_after: 0.25,
    },
    {
      module: "gone",
      ...counts,
      removed: 1,
      rows_before: 1,
      rows_after: 0,
      net_weight_before: 1,
      net_weight_after: null,
    },
    {
      module: "panel",
      added: 1,
      removed: 0,
      changed: 2,
      rows_before: 3,
      rows_after: 4,
      net_weight_before: -1.7,
      net_weight_after: 0.7,
    },
  ]);
  expect(
    diff.rows.map(({ kind, rsid, weight_before, weight_after }) => [kind, rsid, weight_before, weight_after]),
  ).toEqual([
    ["added", "rs5", null, 2],
    ["removed", "rs2", 1, null],
    ["changed", "rs1801133", -1.2, -0.8],
    ["changed", "rs1801131", -0.5, -0.5],
  ]);
});

test("a table compared with itself did not move, though rows of it are equal", async () => {
  const one = await bench();
  const path = await one.store("same.parquet", rows(["panel", "rs1", "A/A", 1], ["panel", "rs1", "A/A", 1]));
  const connection = await duckdb.open({ spillDirectory: one.settings.spill });
  const diff = await diffAnnotations(connection, path, path, never);
  connection.close();
  expect(diff.rows).toEqual([]);
  expect(diff.modules).toMatchObject([{ rows_before: 2, rows_after: 2, added: 0, removed: 0, changed: 0 }]);
});
