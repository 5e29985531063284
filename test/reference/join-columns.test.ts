import { rename } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { engines } from "../../kernel/engines/index.ts";
import { Joining } from "./joining.ts";
import { row, variant } from "./oracle.ts";

const read = (row: object, name: string): unknown => Object.entries(row).find(([key]) => key === name)?.[1];

let joining: Joining;
beforeAll(async () => {
  joining = await Joining.open();
});
afterAll(() => joining.close());

describe.each(engines.map((engine) => ({ name: engine.name, engine })))("on $name", ({ engine }) => {
  test("what came out of another join is joined like any table", async () => {
    const reference = { "1": [row(100, "A", "G", "rs7"), row(200, "T", "TA", "rs9")] };
    const first = await joining.run(
      { variants: [variant(100, "A", "G"), variant(201, "A", "AA"), variant(300, "C", "T")], reference },
      engine,
    );
    const joined = `${first.path}.joined`;
    await rename(first.path, joined);
    const { rows, summary } = await joining.runOn(joined, first.shards, engine, ["id"]);
    expect(rows).toMatchObject([
      {
        id_ensembl: "rs7",
        ensembl_match: "exact",
        id_ensembl_ensembl: "rs7",
        ensembl_match_ensembl: "exact",
      },
      { id_ensembl: "rs9", id_ensembl_ensembl: "rs9", ensembl_match_ensembl: "trimmed" },
      { id_ensembl: null, id_ensembl_ensembl: null, ensembl_match_ensembl: null },
    ]);
    expect(summary).toEqual(first.summary);
  });

  test("chosen columns stand in their order, with the names and values they have among all", async () => {
    const variants = [variant(100, "A", "G|T"), variant(150, "C", "A"), variant(201, "A", "AA")];
    const known = [row(100, "A", "T", "rs1"), row(100, "A", "G", "rs2"), row(200, "T", "TA", "rs9")];
    const one = { variants, reference: { "1": known } };
    const own = ["chrom", "start", "rsid", "ref", "alt", "qual", "n"];
    const named = ["mac", "ref_ensembl", "start_ensembl", "ensembl_match"];
    const all = await joining.run(one, engine);
    const expected = all.rows.map((full) =>
      JSON.stringify([...own, ...named].map((name) => read(full, name))),
    );
    const few = await joining.run(one, engine, ["mac", "ref", "start"]);
    expect(few.rows.map((part) => JSON.stringify(Object.values(part)))).toEqual(expected);
    expect(Object.keys(few.rows[0] ?? {})).toEqual([...own, ...named]);
    expect(few.rows.map(({ mac }) => mac)).toEqual([0, null, 2]);
    const ids = await joining.run(one, engine, ["id"]);
    expect(ids.rows.map(({ id_ensembl }) => id_ensembl)).toEqual(["rs1;rs2", null, "rs9"]);
    const none = await joining.run(one, engine, []);
    expect(Object.keys(none.rows[0] ?? {})).toEqual([...own, "ensembl_match"]);
    expect(none.summary).toEqual(all.summary);
  });

  test("several samples in one go get the chosen columns", async () => {
    const reference = { "1": [row(100, "A", "G", "rs7"), row(200, "T", "TA", "rs9")] };
    const cases = [[variant(100, "A", "G")], [variant(100, "A", "G"), variant(201, "A", "AA")]];
    const { together, alone } = await joining.together(
      cases.map((variants) => ({ variants, reference })),
      engine,
      ["mac", "id"],
    );
    expect(together).toEqual(alone);
    expect(together[1]).toContain('"mac":1,"id_ensembl":"rs9","ensembl_match":"trimmed"');
  });
});

test("both engines write the same columns", async () => {
  const schemas = [];
  for (const engine of engines) {
    const { path } = await joining.run(
      { variants: [variant(1, "A", "G")], reference: { "1": [row(1, "A", "G", "rs1")] } },
      engine,
    );
    schemas.push(await joining.schema(path));
  }
  const [first, ...others] = schemas;
  for (const other of others) expect(other).toEqual(first);
  expect(first).toEqual(
    expect.arrayContaining([
      "start_ensembl UINTEGER",
      "id_ensembl VARCHAR",
      "qual_ensembl DOUBLE",
      "end UINTEGER",
      "ensembl_match VARCHAR",
    ]),
  );
});
