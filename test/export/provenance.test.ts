import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { provenanceOf } from "#notebook/provenance.ts";
import type { Figures } from "#notebook/provenance.ts";
import { canonicalText } from "#protocol/provenance.ts";
import type { CellView } from "#protocol/view.ts";

import { cell } from "../ui/cells-page.ts";
import { asset, record } from "../ui/views.ts";

const hash = (text: string): Promise<string> =>
  Promise.resolve(createHash("sha256").update(text).digest("hex"));

const MODULES = [{ name: "coronary", version: "1.0.0", digest: "d1" }];
const hits = cell("sql", "hits", "select * from matches where weight > ${least}", { inputs: ["matches"] });
const least = cell("input", "least", "Inputs.range([0, 1])");
const chart = cell("js", "chart", "Plot.plot({marks: [Plot.dot(hits, {x: 'least'})]})");
const figures: Figures = {
  cells: [least, hits, chart],
  assets: [asset("matches", { record: record("matches", { modules: MODULES, reference: "ensembl 116" }) })],
  sample: "child",
  software: "karyon 0.1.0",
  values: { hits: [0.25] },
};

test("a chart names the cells and assets that it reads, however far up, and what took part in those", async () => {
  const { mark, provenance } = await provenanceOf(chart, figures, hash);
  expect(provenance).toMatchObject({
    cell: "chart",
    kind: "js",
    data: null,
    inputs: [{ name: "hits" }, { name: "least" }, { name: "matches", code: null }],
    values: [0.25],
    modules: MODULES,
    references: ["ensembl 116"],
    sample: "child",
  });
  expect(mark).toBe(await hash(canonicalText(provenance)));
});

test.each([
  "const one = 1, rows = hits",
  "const {a, b: [rows = 1]} = hits",
  "{ let rows }\nvar rows = hits;",
])("a chart reads the cell that declares its variable: %s", async (source) => {
  const script = cell("js", null, source);
  const reader = cell("js", null, "Plot.dot(rows)");
  const { provenance } = await provenanceOf(reader, { ...figures, cells: [hits, script, reader] }, hash);
  expect(provenance.inputs.map(({ name }) => name).toSorted()).toEqual(
    [script.id, "hits", "matches"].toSorted(),
  );
});

test("equal figures have equal marks; another value, text or version gives another", async () => {
  const mark = async (changes: Partial<Figures>, own: CellView = chart): Promise<string> =>
    (await provenanceOf(own, { ...figures, ...changes }, hash)).mark;
  const same = await mark({});
  expect(await mark({ values: { hits: [0.25], other: [1] } })).toBe(same);
  expect(await mark({ values: { hits: [0.5] } })).not.toBe(same);
  expect(await mark({}, { ...chart, source: `${chart.source};` })).not.toBe(same);
  expect(await mark({ cells: [{ ...least, source: "Inputs.range([0, 2])" }, hits, chart] })).not.toBe(same);
  const newer = asset("matches", { record: record("matches", { dataVersion: "ff" as never }) });
  expect(await mark({ assets: [newer] })).not.toBe(same);
});

test("canonical text does not mind the order of keys, and tells null from what is not there", () => {
  expect(canonicalText({ b: [1, { d: null, c: undefined }], a: "x" })).toBe('{"a":"x","b":[1,{"d":null}]}');
});
