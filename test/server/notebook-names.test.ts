/** Notebooks as files: their names, their copies, and those that come with Karyon. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync, mkdirSync, existsSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { serialise } from "#notebook/notebook.ts";

import { ownNotebooks } from "../../server/own-notebooks.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { TEXT, oneNotebook, setA } from "./one-notebook.ts";

const { root, file, sessions, edit } = oneNotebook();

test("of two notebooks that are given one name at once, one has it and the other stays as it is", async () => {
  const here = sessions();
  writeFileSync(file("two.md"), "# Two\n");
  const [one, two] = await Promise.allSettled([here.rename("one.md", "same"), here.rename("two.md", "same")]);
  expect([one, two].map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(one.status === "rejected" ? one.reason : (two as PromiseRejectedResult).reason).toMatchObject({
    info: { code: "usage", message: "there is a notebook of this name: same.md" },
  });
  const left = one.status === "rejected" ? ["one.md", "# Two\n", TEXT] : ["two.md", TEXT, "# Two\n"];
  expect(new Set(readdirSync(join(root(), "notebooks")))).toEqual(new Set([left[0], "same.md"]));
  expect(readFileSync(file("same.md"), "utf8")).toBe(left[1]);
  expect(readFileSync(file(left[0] ?? ""), "utf8")).toBe(left[2]);
});

test("notebooks are made, renamed with their history, copied with names of their own, and moved to the trash", async () => {
  const here = sessions();
  expect(await here.create("my-first notebook")).toBe("my-first notebook.md");
  expect(readFileSync(file("my-first notebook.md"), "utf8")).toBe("# My first notebook\n");
  await edit(here, setA("10"));
  expect(await here.rename("one.md", "uno")).toBe("uno.md");
  const renamed = await here.session("uno.md");
  expect(renamed.standing.canUndo).toBe(true);
  await renamed.dispatch({ type: "undo" });
  expect(renamed.text).toBe(TEXT);
  expect(await here.copy("uno", "dos")).toBe("dos.md");
  expect(serialise((await here.session("dos.md")).notebook)).toBe(
    "# T\n\n```sql a_copy\n1\n```\n\n```sql b_copy\nselect * from a_copy\n```\n",
  );
  const trash = await here.remove("dos.md", new Date(0));
  expect(trash).toBe(join(root(), ".karyon/trash/1970-01-01T00-00-00-000Z-dos.md"));
  expect(existsSync(trash)).toBe(true);
  expect(await here.list()).toEqual(["my-first notebook.md", "uno.md"]);
});

test("a new notebook has none of the steps of one of its name that went", async () => {
  const here = sessions();
  await edit(here, setA("10"));
  await (await here.session("one.md")).save();
  rmSync(file("one.md"));
  await here.look();
  await here.create("one");
  expect((await here.session("one.md")).standing).toMatchObject({ revision: 1, canUndo: false });
});

test.each(["../x", "a/b", "a\\b", ".hidden", "", "con", "x\u0000", "ONE", "one.md"])(
  "%j is no name for a new notebook",
  async (name) => {
    const here = sessions();
    await expect(here.create(name)).rejects.toMatchObject({ info: { code: "usage" } });
    await expect(here.session(`../${name}`)).rejects.toMatchObject({ info: { code: "usage" } });
    expect(readdirSync(root())).toEqual(["notebooks"]);
    expect(readdirSync(join(root(), "notebooks"))).toEqual(["one.md"]);
  },
);

test("a workspace without notebooks gets copies of those that come with Karyon, one that has some keeps them", async () => {
  const paths = workspacePaths(root(), {});
  expect(await ownNotebooks(paths)).toEqual(paths);
  renameSync(join(root(), "notebooks"), join(root(), "elsewhere"));
  const shipped = { ...workspacePaths(root(), {}), shipped: join(root(), "elsewhere") };
  mkdirSync(join(root(), "elsewhere/modules"));
  writeFileSync(join(root(), "elsewhere/modules/a.yaml"), "a: 1", { mode: 0o400 });
  expect((await ownNotebooks(shipped)).notebooks).toBe(join(root(), "notebooks"));
  expect(readFileSync(file("one.md"), "utf8")).toBe(TEXT);
  writeFileSync(join(root(), "notebooks/modules/a.yaml"), "a: 2");
  expect(readdirSync(root()).toSorted()).toEqual([".karyon", "elsewhere", "notebooks"]);
});

test("two that give a workspace its first notebooks at once both find them", async () => {
  renameSync(join(root(), "notebooks"), join(root(), "elsewhere"));
  const shipped = { ...workspacePaths(root(), {}), shipped: join(root(), "elsewhere") };
  const both = await Promise.all([ownNotebooks(shipped), ownNotebooks(shipped)]);
  expect(both.map(({ notebooks }) => notebooks)).toEqual([
    join(root(), "notebooks"),
    join(root(), "notebooks"),
  ]);
  expect(readdirSync(root()).toSorted()).toEqual([".karyon", "elsewhere", "notebooks"]);
});
