import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { CellView } from "#protocol/view.ts";

import { CONTEXT_NAMES, FACT_NAMES } from "../../kernel/reports/render-cell-report.ts";
import { FILTERS, membersOf } from "../../ui/editor/report-context.ts";
import type { Thing } from "../../ui/editor/report-context.ts";
import { templateCompletions } from "../../ui/editor/template-completions.ts";
import { asset, record } from "./views.ts";

const README = readFileSync(new URL("../../notebooks/reports/README.md", import.meta.url), "utf8");
const section = (title: string): string =>
  new RegExp(`^## ${title}\\n([^]*?)(?=^## |(?![^]))`, "m").exec(README)?.[1] ?? "";

test("the editor knows the names of the context, those that every template has, and the filters", () => {
  const known = (thing: Thing): string[] => membersOf(thing).map(({ name }) => name);
  expect(known("facts").toSorted()).toEqual([...FACT_NAMES].toSorted());
  expect([...known("context"), ...known("facts")].toSorted()).toEqual([...CONTEXT_NAMES].toSorted());
  const filters = [...section("Filters").matchAll(/^\| `(\w+)/gm)].flatMap(([, name]) => name ?? []);
  expect(Object.keys(FILTERS).toSorted()).toEqual(filters.toSorted((a, b) => (a < b ? -1 : 1)));
});

test("the editor knows every member that the guide of templates names, and no other", () => {
  const documented = [...section("Context").matchAll(/`([^`]+)`/g)].flatMap(([, words = ""]) =>
    words.split(/\s+/).map((word) => word.replace("[]", "")),
  );
  const things = new Set<Thing>(["context", "facts"]);
  for (const thing of things)
    for (const member of membersOf(thing)) if (member.thing !== null) things.add(member.thing);
  const known = new Set([...things].flatMap((thing) => membersOf(thing).map(({ name }) => name)));
  const words = new Set(documented.filter((word) => /^[a-z][a-z0-9_]*$/.test(word)));
  expect([...known].toSorted()).toEqual([...words].toSorted());
});

const columns = ["gene", "genotype"].map((name) => ({ name, type: "VARCHAR" })) as never;
const table = asset("matches", { record: record("matches", { columns }) });

function offered(before: string, attributes: Readonly<Record<string, string>> = {}): string[] {
  const cell: CellView = {
    id: "list",
    name: "list",
    language: "njk",
    kind: "report",
    source: "",
    attributes,
    inputs: [],
    asset: null,
    error: null,
    disabledBy: null,
  };
  const ground = { cells: [cell], assets: [table, asset("modules/heart")], cell: "list" };
  return templateCompletions(before, ground).map(({ label }) => label);
}

test("outside of the braces, and in a text within them, nothing is offered", () => {
  for (const before of ["<p>", "{{ a }} ", "{% if a %}<", '{% include "pa'])
    expect(offered(before)).toEqual([]);
});

test("in braces: tables and what every template has; the context for a cell with annotations alone", () => {
  expect(offered("{{ ")).toEqual(expect.arrayContaining(["matches", "user_name", "provenance"]));
  expect(offered("{% for row in ")).toContain("matches");
  expect(offered("{{ ")).not.toContain("other_modules");
  expect(offered("{{ ", { annotations: "user_hf_module_annotations" })).toContain("other_modules");
});

test("a row of a loop has the columns of its table, inside the loop and not behind it", () => {
  const loop = "{% for row in matches %}<td>";
  expect(offered(`${loop}{{ row.`)).toEqual(["gene", "genotype"]);
  expect(offered(`${loop}{{ row.ge`)).toEqual(["gene", "genotype"]);
  expect(offered(`${loop}{{ `)).toEqual(expect.arrayContaining(["row", "loop"]));
  expect(offered(`${loop}{{ loop.`)).toContain("index");
  expect(offered(`${loop}{% endfor %}{{ row.`)).toEqual([]);
  expect(offered("{{ matches.")).toEqual(["length"]);
});

test("members of the context are followed through loops and set", () => {
  const attributes = { annotations: "user_hf_module_annotations" };
  const variants = "{% for m in other_modules %}{% for v in m.variants %}";
  expect(offered(`${variants}{{ v.`, attributes)).toEqual(
    expect.arrayContaining(["rsid", "weight", "genes"]),
  );
  expect(offered(`${variants}{% for g in v.genes %}{{ g.`, attributes)).toEqual(["text", "url"]);
  expect(offered("{% set s = longevity.summary %}{{ s.", attributes)).toContain("total_weight");
  expect(offered("{{ records.removed.", attributes)).toEqual(["length"]);
  expect(offered("{{ nothing.", attributes)).toEqual([]);
});

test("after a bar: filters; after the start of a tag: tags", () => {
  expect(offered("{{ row.weight | ")).toEqual(expect.arrayContaining(["signed", "stated", "join"]));
  expect(offered("{{ row.weight |si")).toContain("signed");
  expect(offered("{%- ")).toEqual(expect.arrayContaining(["for", "endif"]));
});
