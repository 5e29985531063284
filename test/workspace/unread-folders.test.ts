/** Folders that are there and cannot be read: none of them counts as empty. */
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { parsePartition } from "#protocol/ids.ts";
import type { ObjectHash } from "#protocol/ids.ts";

import { addDroppedFiles } from "../../server/dropped-files.ts";
import { removeObjects } from "../../server/remove-objects.ts";
import { objectPath } from "../../server/runs/published-tree.ts";
import { Asking } from "./asking.ts";

let here: Asking;

beforeEach(async () => {
  here = await Asking.open();
});

afterEach(() => here.close());

/** Puts a file where a folder is, or would be. Whoever runs this may read every folder. */
async function spoil(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await writeFile(folder, "");
  return `the folder cannot be read: not a folder: ${folder}`;
}

test("modules that cannot be read are not none: nothing is planned without them", async () => {
  const { workspace } = here;
  await workspace.definitions();
  workspace.definitionsChanged();
  const refusal = await spoil(join(workspace.paths.notebooks, "modules"));
  await expect(workspace.definitions()).rejects.toThrow(refusal);
  await expect(here.ask("list-modules")).rejects.toThrow(refusal);
  expect(await here.ask("doctor")).toMatchObject({
    findings: expect.arrayContaining([{ what: "notebooks", state: "bad", words: refusal }]),
  });
});

test("notebooks that cannot be read are not none", async () => {
  const { paths, sessions } = here.workspace;
  await rename(paths.notebooks, `${paths.notebooks}-2`);
  expect(await sessions.list()).toEqual([]);
  await symlink(paths.notebooks, paths.notebooks);
  await expect(sessions.list()).rejects.toThrow(
    `the folder cannot be read: a link that leads to itself: ${paths.notebooks}`,
  );
});

test("stored files that cannot be looked for are neither swept nor said to be removed", async () => {
  const { workspace } = here;
  const hash = "ab".repeat(32) as ObjectHash;
  const objects = join(workspace.paths.home, "objects");
  await mkdir(objects);
  const refusal = await spoil(dirname(objectPath(workspace.paths.home, hash)));
  await expect(removeObjects(workspace, [hash])).rejects.toThrow(refusal);
  await expect(here.ask("gc")).rejects.toThrow(refusal);
  const whole = await spoil(objects);
  await expect(here.ask("gc")).rejects.toThrow(whole);
});

test("a person's folder that cannot be read is told of, and keeps no other file from being added", async () => {
  const { catalog, paths } = here.workspace;
  const users = join(paths.input, "users");
  await mkdir(join(users, "boris"), { recursive: true });
  await writeFile(join(users, "boris/a.vcf"), "##fileformat=VCFv4.2");
  await spoil(join(users, "a note"));
  await symlink("anna", join(users, "anna"));
  await expect(addDroppedFiles(here.workspace)).rejects.toThrow(
    `the folder cannot be read: a link that leads to itself: ${join(users, "anna")}`,
  );
  expect(catalog.partitions.get(parsePartition("boris/a"))).not.toBeNull();
});
