import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import type { Analysis, AnalysisContext, Step, WorkContext } from "../../kernel/cells/cell-type.ts";
import { cellTypes } from "../../kernel/cells/index.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { bench, never } from "../query/support.ts";

async function context(): Promise<AnalysisContext> {
  const spillDirectory = await mkdtemp(join(tmpdir(), "karyon-cells-"));
  onTestFinished(() => rm(spillDirectory, { recursive: true, force: true }));
  return { notebooks: "/nowhere", modules: [], connect: () => duckdb.open({ spillDirectory, threads: 1 }) };
}

function cell(source: string, attributes: Record<string, string> = {}): CellText {
  return { name: "hits", language: "sql", attributes, source };
}

async function analyse(text: CellText): Promise<Analysis | undefined> {
  return cellTypes.find((type) => type.takes(text))?.analyse(text, await context());
}

test("SQL without asset is live: it reads tables, and declares none", async () => {
  const source = `with mine as (select * from normalized where qual > \${least})
    select * from mine join other_cell using (rsid) where gene in (\${genes}) and note like '%\${part}%'`;
  expect(await analyse(cell(source))).toEqual({
    inputs: ["normalized", "other_cell"],
    parts: {},
    output: "table",
    ofText: true,
  });
});

test("SQL with asset is kept, and its version is that of its meaning", async () => {
  const kept = await analyse(cell("select a, b from t -- why", { asset: "" }));
  expect(kept).toMatchObject({ inputs: ["t"], output: "table" });
  expect(await analyse(cell("select a,\n  b\nfrom t", { asset: "" }))).toEqual(kept);
  expect(await analyse(cell("select a from t", { asset: "" }))).not.toEqual(kept);
});

test.each([
  ["9007199254740993", "9007199254740992"],
  ["-12345678901234567890123", "-12345678901234567890124"],
  ["0.12345678901234567891", "0.12345678901234567890"],
])("%s and %s are two versions, which a double would take for one", async (one, other) => {
  const [first, second] = await Promise.all(
    [one, other].map((number) =>
      analyse(cell(`select ${number} as n, ' "1234567890123456789"' as t`, { asset: "" })),
    ),
  );
  expect(first?.parts["source"]).not.toBe(second?.parts["source"]);
});

test.each<[string, CellText, object]>([
  ["a mistake after a hole", cell("select ${x} from where"), { span: { line: 1, column: 18 } }],
  ["an open hole", cell("select ${x"), { message: "a ${ without its }", span: { line: 1, column: 8 } }],
  ["what is no query", cell("drop table t"), { code: "notebook" }],
  ["a file", cell("select * from read_csv('x.csv')"), { message: "not for a cell: read_csv()" }],
  [
    "a file to keep",
    cell("select * from read_csv('x.csv')", { asset: "" }),
    { message: "not for a cell: read_csv()" },
  ],
  ["an engine that is none", cell("select 1", { engine: "spark" }), { message: "no such engine: spark" }],
  [
    "a value of a page in what is kept",
    cell("select *\nfrom t where a > ${least}", { asset: "" }),
    { message: "a ${} in a table that is kept", span: { line: 2, column: 18, length: 8 } },
  ],
])("%s is an error before anything runs", async (_what, text, info) => {
  const error: unknown = await analyse(text).catch((caught: unknown) => caught);
  expect((error as WorkspaceError).info).toMatchObject(info);
});

test.each(["duckdb", "polars"])("a kept query on %s writes its table", async (engine) => {
  const one = await bench();
  const path = await one.store("t.parquet", "select n::integer as n from range(10) t(n)");
  const text = cell("select n from t where n > 7 order by n", { asset: "", engine });
  const inputs = [{ asset: "t", table: "t.parquet", files: { "t.parquet": { path, hash: "" } } }];
  const step = { asset: "hits", cell: text, inputs, staging: one.root } as unknown as Step;
  const work: WorkContext = {
    ...one.settings,
    limits: { memoryBytes: 2 ** 30, threads: 2 },
    signal: never,
    progress: () => {},
    connect: (reach = {}) => duckdb.open({ ...reach, spillDirectory: one.settings.spill, threads: 2 }),
    connectShared: () => duckdb.open({ spillDirectory: one.settings.spill, threads: 2 }),
  };
  const result = await cellTypes.find((type) => type.takes(text))?.materialise?.(step, work);
  expect(result?.engine).toMatch(new RegExp(`^${engine} `));
  const connection = await duckdb.open({ spillDirectory: one.settings.spill });
  const written = await connection.rows(`select n from '${join(one.root, result?.table ?? "")}'`);
  connection.close();
  expect(written).toEqual([{ n: 8 }, { n: 9 }]);
});
