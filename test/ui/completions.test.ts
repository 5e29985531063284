import { describe, expect, test } from "vitest";

import { completions } from "../../ui/editor/completions.ts";
import { asset, cell, record } from "./views.ts";

describe("completions", () => {
  const column = (name: string, type: string) => ({ name, type });
  const variants = asset("variants", {
    record: record("variants", {
      columns: [column("rsid", "VARCHAR"), column("weight", "DOUBLE")] as never,
    }),
  });
  const ground = {
    cells: [cell("variants"), cell("limits", { language: "yaml", kind: "config", asset: null })],
    assets: [variants, asset("modules/heart", { output: "table" })],
    cell: "here",
  };
  const offered = (language: string, before: string, after = ""): string[] =>
    completions(language, before, after, ground).map((one) => one.label);

  test("after FROM: tables, and no module folder", () => {
    expect(offered("sql", "select * from ")).toEqual(["variants"]);
  });

  test("after a table's alias: its columns", () => {
    expect(offered("sql", "select v.", "\nfrom variants v")).toEqual(["rsid", "weight"]);
  });

  test("elsewhere: columns of the tables that are read, then functions and keywords", () => {
    const all = completions("sql", "select ", " from variants", ground);
    expect(all.find((one) => one.label === "weight")?.rank).toBe(1);
    expect(all.find((one) => one.label === "median")?.insert).toBe("median($0)");
  });

  test("in a text or a comment: nothing", () => {
    expect(offered("sql", "select 'fro")).toEqual([]);
    expect(offered("sql", "select 1 -- fro")).toEqual([]);
  });

  test("in a ${}: names of cells", () => {
    expect(offered("sql", "select ${li")).toEqual(["variants", "limits"]);
    expect(offered("markdown", "there are ${")).toEqual(["variants", "limits"]);
  });

  test("as a value of YAML: cells and modules; as a key: nothing", () => {
    expect(offered("yaml", "source: va")).toEqual(["variants", "limits", "heart"]);
    expect(offered("yaml", "sou")).toEqual([]);
  });

  test("as a column of a join: those of its reference, written in one line or in several", () => {
    const facts = { columns: ["maf", "tsa"] };
    const reference = asset("known", { record: record("known", { facts }) });
    const labels = (before: string, after = ""): string[] =>
      completions("yaml", before, after, { ...ground, assets: [reference] }).map(({ label }) => label);
    const lead = "variants: variants\nreference: known\ncolumns:";
    expect(labels(`${lead} [m`)).toEqual(["maf", "tsa"]);
    expect(labels(`${lead} [maf, `)).toEqual(["maf", "tsa"]);
    expect(labels(`${lead}\n  - maf\n  - `)).toEqual(["maf", "tsa"]);
    expect(labels("columns: [", "]\nreference: known")).toEqual(["maf", "tsa"]);
    expect(labels(`${lead} [maf]\nengine: `)).not.toContain("maf");
  });
});
