import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { UpdateResult } from "#protocol/verb-results.ts";

import { runVerb } from "../../server/api.ts";
import { update } from "../../server/cli/update.ts";
import { doctor } from "../../server/cli/doctor.ts";
import { ownNotebooks } from "../../server/own-notebooks.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import type { WorkspacePaths } from "../../server/workspace-paths.ts";
import { Workspace } from "../../server/workspace.ts";
import { temporaryFolder } from "../support/karyon.ts";

const SHIPPED: Readonly<Record<string, string>> = {
  "one.md": "# One\n\n```sql first asset\nselect 1 as n\n```\n\n```sql second asset\nselect 2 as n\n```\n",
  "two.md": "# Two\n",
  "modules/heart/variants.csv": "rsid,weight\nrs1,1\n",
  "modules/heart/studies.csv": "rsid,pmid\nrs1,1\n",
  "modules/lungs/variants.csv": "rsid,weight\nrs2,2\n",
  "reports/long.njk": "{% include 'part.njk' %}",
};
const QUIET = { signal: new AbortController().signal, progress: (): void => {} };

let root: string;
let paths: WorkspacePaths;
let workspace: Workspace;

beforeEach(async () => {
  root = await temporaryFolder("shipped");
  for (const [path, text] of Object.entries(SHIPPED)) await ship(path, text);
  paths = { ...workspacePaths(join(root, "workspace"), {}), shipped: join(root, "karyon") };
  await mkdir(paths.root);
  paths = await ownNotebooks(paths);
  workspace = await Workspace.open(paths, { software: "karyon test" });
  await workspace.sessions.openAll();
  for (const name of ["one", "two"]) await workspace.sessions.trust(name);
});

afterEach(async () => {
  await workspace.close();
  await rm(root, { recursive: true });
});

/** What a Karyon of another version ships. */
async function ship(path: string, text: string): Promise<void> {
  await mkdir(join(root, "karyon", path, ".."), { recursive: true });
  await writeFile(join(root, "karyon", path), text);
}

const own = (path: string): Promise<string> => readFile(join(paths.notebooks, path), "utf8");
const change = (path: string, text: string): Promise<void> => writeFile(join(paths.notebooks, path), text);
const ask = async (parameters: object = {}): Promise<UpdateResult> =>
  (await runVerb(update, parameters, workspace, QUIET)) as UpdateResult;
const did = async (parameters: object = {}): Promise<Record<string, string>> =>
  Object.fromEntries((await ask(parameters)).parts.map((part) => [part.name, `${part.mine} ${part.did}`]));

test("nothing is newer in a workspace that was just made, nor after a person changed and deleted what is theirs", async () => {
  await change("one.md", "# Mine\n");
  await rm(join(paths.notebooks, "modules/heart"), { recursive: true });
  expect(await ask()).toEqual({ software: "karyon test", parts: [], conflicts: 0 });
});

test("what a person did not change is taken over, what they changed or deleted is left and told of", async () => {
  await change("modules/lungs/variants.csv", "rsid,weight\nrs2,7\n");
  await rm(join(paths.notebooks, "two.md"));
  await ship("modules/heart/variants.csv", "rsid,weight\nrs1,0.5\n");
  await ship("modules/heart/module_spec.yaml", "name: heart\n");
  await rm(join(root, "karyon/modules/heart/studies.csv"));
  await ship("modules/lungs/variants.csv", "rsid,weight\nrs2,3\n");
  await ship("two.md", "# Two, again\n");
  await ship("three.md", "# Three\n");

  expect(await did({ dry_run: true })).toEqual({
    "modules/heart": "unchanged left",
    "modules/lungs": "changed left",
    "three.md": "unchanged left",
  });
  expect(await own("modules/heart/variants.csv")).toContain("rs1,1");
  const { findings } = (await runVerb(doctor, {}, workspace, QUIET)) as {
    findings: { what: string; words: string }[];
  };
  expect(findings.find(({ what }) => what === "shipped")?.words).toBe(
    "newer are modules/heart, three.md: karyon update takes them over; " +
      "modules/lungs, which you changed: karyon update NAME shows the difference",
  );

  expect(await did()).toEqual({
    "modules/heart": "unchanged taken",
    "modules/lungs": "changed left",
    "three.md": "unchanged taken",
  });
  expect((await readdir(join(paths.notebooks, "modules/heart"))).toSorted()).toEqual([
    "module_spec.yaml",
    "variants.csv",
  ]);
  expect(await own("modules/heart/variants.csv")).toContain("rs1,0.5");
  expect(await own("modules/lungs/variants.csv")).toContain("rs2,7");
  expect(await readdir(paths.notebooks)).not.toContain("two.md");
  expect(await did()).toEqual({ "modules/lungs": "changed left" });
});

test("a module of which one file was changed is left as a whole: its files belong together", async () => {
  await change("modules/heart/variants.csv", "rsid,weight\nrs1,9\n");
  await ship("modules/heart/studies.csv", "rsid,pmid\nrs1,2\n");
  expect(await did()).toEqual({ "modules/heart": "changed left" });
  // What Karyon did not change is not touched even then.
  expect(await did({ names: ["modules/heart"], take: "theirs" })).toEqual({
    "modules/heart": "changed taken",
  });
  expect(await own("modules/heart/variants.csv")).toContain("rs1,9");
  expect(await own("modules/heart/studies.csv")).toContain("rs1,2");
});

test("of what a person changed the difference is shown, theirs is put aside when it is overwritten, and is kept when they say so", async () => {
  await change("modules/lungs/variants.csv", "rsid,weight\nrs2,7\n");
  await ship("modules/lungs/variants.csv", "rsid,weight\nrs2,3\n");
  const [part] = (await ask({ names: ["modules/lungs"] })).parts;
  expect(part?.files[0]?.lines).toEqual([
    { line: "rsid,weight", is: "same" },
    { line: "rs2,7", is: "gone" },
    { line: "rs2,3", is: "new" },
  ]);
  expect(await did({ names: ["modules/lungs"], take: "mine" })).toEqual({ "modules/lungs": "changed kept" });
  expect(await ask()).toMatchObject({ parts: [] });

  await ship("modules/lungs/variants.csv", "rsid,weight\nrs2,4\n");
  expect(await did({ names: ["modules/lungs"], take: "theirs" })).toEqual({
    "modules/lungs": "changed taken",
  });
  expect(await own("modules/lungs/variants.csv")).toContain("rs2,4");
  const [aside = ""] = await readdir(join(paths.home, "trash"));
  expect(await readFile(join(paths.home, "trash", aside), "utf8")).toContain("rs2,7");
});

test("a notebook that both changed is merged cell by cell, runs as before, and undo takes it back", async () => {
  const mine = (SHIPPED["one.md"] ?? "").replace("select 1", "select 10");
  const session = await workspace.sessions.session("one.md");
  await session.dispatch({
    type: "edit",
    ops: [{ op: "set-source", block: "first", source: "select 10 as n" }],
    at: 0,
  });
  await session.save();
  await ship("one.md", (SHIPPED["one.md"] ?? "").replace("select 2", "select 20"));
  expect(await did()).toEqual({ "one.md": "changed left" });
  expect(await ask({ names: ["one.md"], take: "merged" })).toMatchObject({
    parts: [{ name: "one.md", did: "merged" }],
    conflicts: 0,
  });
  expect(await own("one.md")).toBe(mine.replace("select 2", "select 20"));
  expect(session.standing.untrusted).toBeNull();
  await session.dispatch({ type: "undo" });
  expect(session.text).toBe(mine);
  expect(await did()).toEqual({});
});

test("in a workspace of an older Karyon, which remembered nothing, what differs counts as changed, and what was deleted is not brought back", async () => {
  await rm(join(paths.home, "shipped"), { recursive: true });
  await rm(join(paths.notebooks, "two.md"));
  await ship("modules/heart/variants.csv", "rsid,weight\nrs1,0.5\n");
  await ownNotebooks(paths);
  expect(await did()).toEqual({ "modules/heart": "changed left" });
  await expect(ask({ names: ["one.md"], take: "merged" })).rejects.toMatchObject({ info: { code: "usage" } });
  // From now on it is known.
  await ship("one.md", "# One, again\n");
  expect(await did()).toEqual({ "modules/heart": "changed left", "one.md": "unchanged taken" });
});

test("a workspace that works with what is shipped itself has nothing to take over", async () => {
  const clone = await temporaryFolder("shipped");
  await cp(join(root, "karyon"), join(clone, "notebooks"), { recursive: true });
  const itself = { ...workspacePaths(clone, {}), shipped: join(clone, "notebooks") };
  expect((await ownNotebooks(itself)).notebooks).toBe(itself.shipped);
  const there = await Workspace.open(itself, { software: "karyon test" });
  expect(await runVerb(update, {}, there, QUIET)).toMatchObject({ parts: [] });
  await there.close();
  await rm(clone, { recursive: true });
});

test("where a person made the notebooks from nothing, nothing that Karyon ships is missing", async () => {
  const itself = await temporaryFolder("shipped");
  await mkdir(join(itself, "notebooks"));
  const made = { ...workspacePaths(itself, {}), shipped: join(root, "karyon") };
  const there = await Workspace.open(made, { software: "karyon test" });
  expect(await runVerb(update, {}, there, QUIET)).toMatchObject({ parts: [] });
  await ownNotebooks(made);
  await ship("three.md", "# Three\n");
  expect(await runVerb(update, {}, there, QUIET)).toMatchObject({ parts: [] });
  await there.close();
  await rm(itself, { recursive: true });
});
