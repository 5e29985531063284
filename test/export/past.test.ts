/** A notebook exported as it was: its words, its code, its rows, and nothing of now. */
import { readFile, writeFile } from "node:fs/promises";

import { beforeAll, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { karyon, karyonJson } from "../support/karyon.ts";
import { exported, opened, tableIn, workspaceWith } from "./exported.ts";

const NOTEBOOK = `# A notebook

Words of then.

\`\`\`sql kept asset
select 1 as n
\`\`\`

\`\`\`sql doubled
select n * 2 as twice from kept
\`\`\`
`;
const KEPT = "kept" as AssetKey;

let workspace: string;
let then: string;

beforeAll(async () => {
  workspace = await workspaceWith(NOTEBOOK, [KEPT]);
  const path = `${workspace}/notebooks/it.md`;
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("of then", "of now").replace("select 1", "select 7"));
  for (const words of [
    ["notebook", "trust", "it.md"],
    ["asset", "materialize", "--select", KEPT],
  ]) {
    const { code, stderr } = await karyon(workspace, ...words);
    if (code !== 0) throw new Error(stderr);
  }
  const { versions } = await karyonJson<{ versions: { record: AssetRecord }[] }>(workspace, "history", KEPT);
  then = versions[1]?.record.madeAt ?? "";
});

test("the file holds what stood then, live results too, and says of when it is", async () => {
  const { path, text, notebook } = await exported(workspace, "--at", then);
  expect(notebook.snapshot.notebook.at).toBe(then);
  expect(text).toContain("Words of then.");
  expect(text).not.toContain("Words of now.");
  expect(
    tableIn(text, notebook.tables[KEPT])
      .toArray()
      .map((row) => String(row)),
  ).toEqual(['{"n": 1}']);
  const query = notebook.queries["doubled"];
  expect(query !== undefined && "table" in query && String(tableIn(text, query.table).get(0))).toBe(
    '{"twice": 2}',
  );
  const { page, requests } = await opened(path);
  const banner = page.getByRole("note").filter({ hasText: /As it was on .*, not current/ });
  await banner.waitFor();
  expect(await banner.evaluate((element) => getComputedStyle(element).borderTopStyle)).toBe("solid");
  await page.getByText(/As it stood on .*; nothing was run again/).waitFor();
  expect(requests).toEqual([]);
  const { code, stdout } = await karyon(workspace, "report", "verify", path);
  expect([code, stdout]).toEqual([0, expect.stringContaining("it has been made again since")]);
});

test("what cannot be known of a time is refused, not shown as of another", async () => {
  const ask = async (...words: readonly string[]): Promise<string> =>
    (await karyon(workspace, "notebook", "export", "it.md", ...words)).stderr;
  expect(await ask("--at", "2001-01-01")).toContain("was not kept");
  expect(await ask("--at", "yesterday")).toContain("not a time: yesterday");
  expect(await ask("--at", then, "--fresh")).toContain("nothing is made anew for the past");
});
