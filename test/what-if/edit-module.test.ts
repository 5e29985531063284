import { expect, test } from "vitest";

import type { ModuleEdit } from "#protocol/what-if.ts";

import type { ModuleFiles } from "../../kernel/modules/module.ts";
import { editModule, forkedModule } from "../../kernel/what-if/edit-module.ts";

const FILES: ModuleFiles = {
  "module_spec.yaml": `schema_version: "1.0"
# what it is about
module: {name: panel, version: "1.2.0", title: Panel, description: About two sites.}
genome_build: GRCh38
`,
  "variants.csv": `rsid,chrom,start,genotype,state,conclusion
rs1,,,A/G,risk,"One, two"
,chr2,500,C/C,protective,Plain
`,
  "studies.csv": null,
  "resolution.csv": null,
};

function edit(changes: Partial<ModuleEdit>): ModuleEdit {
  return { module: "panel", variant: "rs1", genotype: "A/G", column: "state", value: "neutral", ...changes };
}

test("a value is changed in its row alone, and the texts that are published stay", () => {
  const before = structuredClone(FILES);
  const edited = editModule(FILES, [edit({ genotype: "g|a" })]);
  expect(edited["variants.csv"]).toBe(
    'rsid,chrom,start,genotype,state,conclusion\nrs1,,,A/G,neutral,"One, two"\n,chr2,500,C/C,protective,Plain\n',
  );
  expect(FILES).toEqual(before);
});

test("a row is found by the names that tables have, however it is spelt", () => {
  const variants = "rsid,chrom,start,genotype,state,conclusion\nRS1,,,A/G,risk,a\n,chrM,500,C,risk,b\n";
  const edited = editModule({ ...FILES, "variants.csv": variants }, [
    edit({}),
    edit({ variant: "MT:500", genotype: "C" }),
  ]);
  expect(edited["variants.csv"]).toBe(variants.replaceAll("risk", "neutral"));
});

test("a row without an rsID is named by its place, and a column that is not there is added", () => {
  const edited = editModule(FILES, [
    edit({ variant: "2:500", genotype: "C/C", column: "weight", value: "-1.5" }),
  ]);
  expect(edited["variants.csv"]?.split("\n").slice(0, 3)).toEqual([
    "rsid,chrom,start,genotype,state,conclusion,weight",
    'rs1,,,A/G,risk,"One, two"',
    ",chr2,500,C/C,protective,Plain,-1.5",
  ]);
});

test("a row that is not there is refused by its name", () => {
  expect(() => editModule(FILES, [edit({ genotype: "G/G" })])).toThrow("module panel has no row of rs1 G/G");
});

test("a fork is a module of its own name, and says of what it is one", () => {
  const spec = forkedModule(FILES, "mine", [edit({})])["module_spec.yaml"] ?? "";
  expect(spec).toContain("# what it is about");
  expect(spec).toContain("name: mine");
  expect(spec).toContain("A fork of panel 1.2.0: 1 value changed.");
  expect(spec).not.toMatch(/\bversion: "1/);
});
