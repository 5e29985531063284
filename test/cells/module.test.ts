import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import type { AnalysisContext, Step, WorkContext } from "../../kernel/cells/cell-type.ts";
import { cellTypes } from "../../kernel/cells/index.ts";
import { moduleCell } from "../../kernel/cells/module.ts";
import { modules } from "../../kernel/cells/modules.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";

const PANEL = `# a module, edited in place
module: {name: my_panel, title: "Methylation", weighting: "own scale, -2 to 2"}
variants:
  - {rsid: rs1801133, gene: MTHFR, genotype: A/A, weight: -0.8, state: risk, conclusion: "Less enzyme, by two thirds"}
  - {rsid: rs1801133, gene: MTHFR, genotype: A/G, weight: -0.5, state: risk, conclusion: Less enzyme}
  - rsid: rs1801131
    genotype: G/T
    chrom: 1
    start: 11794419
    ref: T
    alts: [G]
    state: risk
    weight: -0.1
    conclusion: |
      Two
      lines
studies:
  - {rsid: rs1801133, pmid: 7647779, conclusion: "A candidate risk factor"}
resolution:
  - {rsid: rs1801133, chrom: 1, start: 11796321, ref: G, alts: A, status: verified}
`;

function cell(source: string, name = "my_panel"): CellText {
  return { name, language: "yaml", attributes: { module: "" }, source };
}

const CONTEXT: AnalysisContext = {
  notebooks: "/nowhere",
  modules: ["coronary"],
  connect: () => Promise.reject(new Error("not needed")),
};

async function failure(source: string): Promise<WorkspaceError["info"]> {
  const error: unknown = await moduleCell.analyse(cell(source), CONTEXT).catch((caught: unknown) => caught);
  return (error as WorkspaceError).info;
}

test("a yaml cell with module is an annotation module", () => {
  expect(cellTypes.find((type) => type.takes(cell(PANEL)))).toBe(moduleCell);
});

test("an inline module compiles to the tables of a folder, with the coordinates that it states", async () => {
  const root = await mkdtemp(join(tmpdir(), "karyon-module-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const staging = join(root, "staging");
  await mkdir(staging);
  const connect = (): ReturnType<typeof duckdb.open> =>
    duckdb.open({ spillDirectory: join(root, "spill"), threads: 1 });
  const step = { cell: cell(PANEL), staging } as unknown as Step;
  const context = { connectShared: connect, signal: new AbortController().signal } as unknown as WorkContext;
  const result = await moduleCell.materialise?.(step, context);
  expect(result?.files).toEqual(
    expect.arrayContaining(["weights.parquet", "annotations.parquet", "studies.parquet", "manifest.json"]),
  );
  expect(result?.facts).toMatchObject({
    module: { name: "my_panel", title: "Methylation", weighting: "own scale, -2 to 2" },
    stats: { rows: 3, sites: 2, placed: 2 },
  });
  const connection = await connect();
  onTestFinished(() => connection.close());
  const table = join(staging, "weights.parquet");
  const rows = await connection.rows(
    `select rsid, genotype, weight, start, alts, conclusion from '${table}' order by start, weight`,
  );
  expect(rows).toEqual([
    {
      rsid: "rs1801131",
      genotype: ["G", "T"],
      weight: -0.1,
      start: 11_794_419,
      alts: ["G"],
      conclusion: "Two lines",
    },
    {
      rsid: "rs1801133",
      genotype: ["A", "A"],
      weight: -0.8,
      start: 11_796_321,
      alts: ["A"],
      conclusion: "Less enzyme, by two thirds",
    },
    {
      rsid: "rs1801133",
      genotype: ["A", "G"],
      weight: -0.5,
      start: 11_796_321,
      alts: ["A"],
      conclusion: "Less enzyme",
    },
  ]);
});

test.each<[string, string, string, string, object]>([
  ["a genotype that is none", "genotype: A/G", "genotype: A-G", "genotype", { line: 5, column: 46 }],
  ["a weight that is no number", "weight: -0.5", "weight: heavy", "weight", { line: 5 }],
  ["an unknown state", "state: risk\n", "state: bad\n", "state", { line: 12 }],
  ["a row twice", "genotype: A/G", "genotype: A/A", "is at my_panel:4:5 already", { line: 5 }],
  ["a study without a PubMed id", "pmid: 7647779", "pmid: none", "pmid", { line: 18 }],
  ["no title", 'title: "Methylation", ', "", "module.title", { line: 2 }],
  [
    "another name",
    "name: my_panel",
    "name: other",
    "the module has the name of its cell",
    { line: 2, column: 16 },
  ],
  ["an unknown key", "variants:", "variant:", "variant", { line: 3 }],
  [
    "a row that is none",
    "  - {rsid: rs1801133, gene: MTHFR, genotype: A/G",
    "  - rs1 \n  - {rsid: rs1801133, genotype: A/G",
    "not a row",
    { line: 5 },
  ],
  [
    "a decimal comma",
    "weight: -0.5",
    "weight: -0,5",
    "[5] not a column; put a cell with a comma",
    { line: 5 },
  ],
  ["a mistake of YAML", "module: {", "module: }", "", { line: 2 }],
])("%s is an error at its line and column", async (_what, from, to, message, span) => {
  expect(PANEL).toContain(from);
  const info = await failure(PANEL.replace(from, to));
  expect(info).toMatchObject({ code: "module", cell: "my_panel", span });
  expect(`${info.message} ${info.detail}`).toContain(message);
  expect(info.detail).toMatch(/^my_panel:\d+:\d+ /);
});

test("no evidence is an error, as in a folder", async () => {
  const info = await failure(PANEL.slice(0, PANEL.indexOf("studies:")));
  expect(info.message).toContain("studies: is not there: evidence is mandatory");
});

test("comments and layout are not in the version of an inline module, its values are", async () => {
  const version = async (source: string): Promise<unknown> =>
    (await moduleCell.analyse(cell(source), CONTEXT)).parts["source"];
  const spaced = PANEL.replace("# a module", "# the module").replace(
    "{rsid: rs1801133, gene",
    "{rsid:  rs1801133,  gene",
  );
  expect(await version(spaced)).toBe(await version(PANEL));
  expect(await version(PANEL.replace("-0.8", "-0.9"))).not.toBe(await version(PANEL));
});

test("what an editor leaves beside the files of a module is none of them", async () => {
  const notebooks = await mkdtemp(join(tmpdir(), "karyon-module-"));
  onTestFinished(() => rm(notebooks, { recursive: true }));
  const folder = join(notebooks, "modules/panel");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "variants.csv"), "rsid,genotype\n");
  await writeFile(join(folder, "._variants.csv"), "");
  await symlink("somebody@somewhere.1", join(folder, ".#variants.csv"));
  const panel = { ...cell("panel", "modules/panel"), language: "folder" };
  const { parts } = await moduleCell.analyse(panel, { ...CONTEXT, notebooks });
  expect(Object.keys(parts)).toEqual(["variants.csv", "duckdb"]);
});

test("an alias of nothing is an error of the cell, in a set of modules too", async () => {
  const message = "Unresolved alias (the anchor must be set before the alias): none";
  const said = { message, cell: "my_panel", span: { line: 1, column: 1, length: 1 } };
  expect(await failure(PANEL.replace("-0.8", "*none"))).toMatchObject({ code: "module", ...said });
  const set = { ...cell("use: *none"), attributes: { modules: "" } };
  const analysed = async (): Promise<unknown> => modules.analyse(set, CONTEXT);
  await expect(analysed()).rejects.toMatchObject({ info: { code: "notebook", ...said } });
});

test("an alias of itself is an error of the cell, in a set of modules too", async () => {
  const message = "an alias stands inside what it stands for: write it out";
  const said = { message, cell: "my_panel", span: { line: 1, column: 1, length: 1 } };
  const ring = PANEL.replace("module: {", "module: &ring {authorship: [*ring], ");
  expect(ring).not.toBe(PANEL);
  expect(await failure(ring)).toMatchObject({ code: "module", ...said });
  const set = { ...cell("use: &ring [*ring]"), attributes: { modules: "" } };
  const analysed = async (): Promise<unknown> => modules.analyse(set, CONTEXT);
  await expect(analysed()).rejects.toMatchObject({ info: { code: "notebook", ...said } });
});

test("a set of modules takes folders, by either name, and module cells", async () => {
  const set: CellText = {
    name: "set",
    language: "yaml",
    attributes: { modules: "" },
    source: "use: [coronary, modules/coronary, my_panel]",
  };
  const { inputs } = await modules.analyse(set, CONTEXT);
  expect(inputs).toEqual(["modules/coronary", "modules/coronary", "my_panel"]);
});
