import { afterEach, beforeEach, expect, test } from "vitest";

import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";

import { lineage } from "../../server/cli/lineage.ts";
import { Asking } from "./asking.ts";

let here: Asking;
beforeEach(async () => {
  here = await Asking.open();
});
afterEach(() => here.close());

interface Answer {
  readonly columns: readonly { column: string; origin: unknown; roots: unknown }[];
  readonly rows_from: unknown;
}

/** Adds a query behind `doubled`, and what is said of its columns once it is made. */
async function columnsOf(query: string, attributes = ""): Promise<Answer> {
  await here.edit(
    "```sql endless",
    `\`\`\`sql totals asset${attributes}\n${query}\n\`\`\`\n\n\`\`\`sql endless`,
  );
  await here.make("totals");
  return here.ask<Answer>("lineage", { asset: "totals", columns: true });
}

test.each(["", " engine=polars"])("columns lead back to what no query made%s", async (attributes) => {
  const query = "select n as twice, count(*) as rows from doubled where n > 0 group by n";
  const { columns, rows_from: rowsFrom } = await columnsOf(query, attributes);
  const source = (asset: string, column: string): object => ({ asset, column });
  expect(columns).toEqual([
    { column: "twice", origin: { how: "copied", of: [source("doubled", "n")] }, roots: [] },
    { column: "rows", origin: { how: "aggregated", of: [] }, roots: [] },
  ]);
  expect(rowsFrom).toEqual([source("doubled", "n")]);
  const record = here.workspace.catalog.versions.headRecord("doubled" as AssetKey, WHOLE);
  expect(record?.columns[0]?.origin).toEqual({ how: "computed", of: [source("numbers", "n")] });
});

test("the way back goes by the versions that were read, not by those that stand", async () => {
  await columnsOf("select n from doubled");
  await here.edit("select n * 2 as n from numbers", "select n as m from numbers");
  await here.make("doubled");
  const { columns } = await here.ask<Answer>("lineage", { asset: "totals", columns: true });
  expect(columns[0]).toEqual({
    column: "n",
    origin: { how: "copied", of: [{ asset: "doubled", column: "n" }] },
    roots: [],
  });
});

test("as people read it: how, from where, and what is not known", async () => {
  const said = async (asset: string): Promise<string> =>
    lineage.print?.(await here.ask<never>("lineage", { asset, columns: true })) ?? "";
  expect(await said("doubled")).toContain("It is not made yet");
  await here.make("doubled");
  expect(await said("doubled")).toContain("n  computed  numbers.n");
  expect(await said("doubled")).toContain("Which rows there are, and in what order, is said by no column.");
});
