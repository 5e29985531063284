import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { partitionKey } from "#protocol/ids.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import type { Analysis, AnalysisContext, Step, WorkContext } from "../../kernel/cells/cell-type.ts";
import { cellTypes } from "../../kernel/cells/index.ts";
import { templateReport } from "../../kernel/cells/template-report.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { bench, never } from "../query/support.ts";
import type { Bench } from "../query/support.ts";

function cell(source: string, attributes: Record<string, string> = {}): CellText {
  return { name: "my_list", language: "njk", attributes: { report: "", ...attributes }, source };
}

async function analyse(text: CellText, notebooks = "."): Promise<Analysis> {
  return templateReport.analyse(text, { notebooks } as AnalysisContext);
}

/** Renders a cell over tables, each given by the query that makes it. */
async function made(
  { root, settings, store }: Bench,
  text: CellText,
  tables: Readonly<Record<string, string>>,
): Promise<{ html: string; json: string }> {
  const paths = await Promise.all(
    Object.entries(tables).map(async ([name, sql]) => [name, await store(`${name}.parquet`, sql)] as const),
  );
  const inputs = paths.map(([asset, path]) => ({
    asset,
    dataVersion: "v1",
    table: "t.parquet",
    files: { "t.parquet": { path, hash: "" } },
  }));
  const staging = join(root, "staging");
  const step = {
    cell: text,
    staging,
    asset: text.name,
    partition: partitionKey("anna", "genome"),
    madeAt: "2026-11-22T14:02:31Z",
    inputs,
    input: (name: string) => inputs.find(({ asset }) => asset === name),
  } as unknown as Step;
  const context = {
    software: "karyon test",
    notebooks: settings.notebooks,
    connect: () => duckdb.open({ spillDirectory: settings.spill, threads: 1 }),
    signal: never,
    progress: () => {},
  } as unknown as WorkContext;
  const result = await templateReport.materialise?.(step, context);
  const [html = "", json = ""] = result?.files ?? [];
  return {
    html: await readFile(join(staging, html), "utf8"),
    json: await readFile(join(staging, json), "utf8"),
  };
}

async function workspace(): Promise<Bench> {
  const own = await bench();
  await mkdir(join(own.settings.notebooks, "reports", "parts"), { recursive: true });
  return own;
}

test("a njk cell with report is a report over the tables that it names", async () => {
  const { settings } = await workspace();
  const text = cell("{% for row in hits %}{{ row.gene }} {{ user_name }}{% endfor %}", {
    tables: "more, others",
  });
  expect(cellTypes.find((type) => type.takes(text))).toBe(templateReport);
  expect(await analyse(text, settings.notebooks)).toMatchObject({
    inputs: ["more", "others", "hits"],
    output: "report",
  });
});

test("with annotations it has the context of the shipped report", async () => {
  const { settings } = await workspace();
  const text = cell("{{ report_title }}{{ longevity.title }}", { annotations: "matches" });
  expect((await analyse(text, settings.notebooks)).inputs).toEqual(["matches"]);
});

test("its version follows the files that it takes in", async () => {
  const { settings } = await workspace();
  const part = join(settings.notebooks, "reports", "parts", "mine.njk");
  const text = cell('{% include "parts/mine.njk" %}');
  await writeFile(part, "{{ hits.length }}");
  const first = await analyse(text, settings.notebooks);
  expect(first.inputs).toEqual(["hits"]);
  await writeFile(part, "{{ hits.length }}.");
  expect(await analyse(text, settings.notebooks)).not.toEqual(first);
});

test("rows come in the order of the table, whatever they hold as text", async () => {
  const text = cell("{% for row in hits %}{{ row.gene | stated }}={{ row.n }} {% endfor %}{{ sample_name }}");
  const own = await workspace();
  const sql = "select * from (values ('<b>', 9007199254740993::bigint), (null, 1)) as t(gene, n)";
  const { html, json } = await made(own, text, { hits: sql });
  expect(html).toContain("&lt;b&gt;=9007199254740993 –=1 genome");
  expect(JSON.parse(json)).toMatchObject({
    facts: { user_name: "anna" },
    tables: {
      hits: [
        { gene: "<b>", n: "9007199254740993" },
        { gene: null, n: 1 },
      ],
    },
  });
});

test("a table that no one could read is refused with its length", async () => {
  const own = await workspace();
  await expect(
    made(own, cell("{{ hits.length }}"), { hits: "select * from range(20001) t(n)" }),
  ).rejects.toThrow("hits is too long for a report: 20,001 rows");
});

test("a name that is not in a row is an error at its place in the cell", async () => {
  const own = await workspace();
  const text = cell("<p>\n{{ hits[0].gen }}\n</p>");
  await expect(made(own, text, { hits: "select 'A' as gene" })).rejects.toMatchObject({
    info: { cell: "my_list", span: { line: 2 } },
  });
});
