/** An exported notebook says which of its figures are not final, and is not written with one where that is asked for. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { karyon, karyonJson } from "../support/karyon.ts";
import { workspaceWith } from "./exported.ts";

const NOTEBOOK = "```sql kept asset\nselect 1 as n\n```\n\n```sql live\nselect n from kept\n```\n";

interface Said {
  readonly unsettled?: readonly { readonly cell: string; readonly why: string }[];
  readonly error?: { readonly message: string };
}

test("a held, a stale and a missing result is named, and refused where only what is final may be written", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  const out = `${workspace}/out.html`;
  const exportOf = (...words: readonly string[]): Promise<Said> =>
    karyonJson(workspace, "notebook", "export", "it.md", "--out", out, ...words);
  const edit = async (from: string, to: string): Promise<void> => {
    const path = `${workspace}/notebooks/it.md`;
    await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
    expect((await karyon(workspace, "notebook", "trust", "it.md")).code).toBe(0);
  };
  expect(await exportOf("--final")).toMatchObject({ unsettled: [] });

  expect((await karyon(workspace, "hold", "kept")).code).toBe(0);
  await edit("select 1", "select 2");
  const held = { cell: "kept", why: expect.stringMatching(/^held, 1 version behind/) };
  expect(await exportOf()).toMatchObject({ unsettled: [held] });

  expect((await karyon(workspace, "unhold", "kept")).code).toBe(0);
  await edit("```sql live", "```sql unmade asset\nselect 1 as n\n```\n\n```sql live");
  const again = `${workspace}/again.html`;
  const refused = await karyon(workspace, "notebook", "export", "it.md", "--out", again, "--final");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/not final: kept \(stale: .*\), unmade \(it has no result\)/);
  expect(existsSync(again)).toBe(false);
  expect(await exportOf("--final", "--fresh")).toMatchObject({ unsettled: [] });
}, 120_000);
