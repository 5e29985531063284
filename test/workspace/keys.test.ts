import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";
import { Asking } from "./asking.ts";

test("keys are given to commands of the page alone; a name like one of them is asked for", async () => {
  const workspace = await temporaryFolder("keys");
  const set = await karyonJson<{ keys: unknown }>(workspace, "keys", "set", "move-up", "Alt-u");
  expect(set.keys).toEqual({ "move-up": ["Alt-u"] });

  const near = await karyon(workspace, "keys", "set", "mov-up", "Alt-y");
  expect([near.code, near.stderr]).toEqual([
    2,
    expect.stringMatching(/no command of the page: mov-up\n\s+Write move-up if that is what you mean/),
  ]);
  const far = await karyon(workspace, "keys", "set", "teleport", "Alt-y");
  expect([far.code, far.stderr]).toEqual([2, expect.stringContaining("There are next, previous, ")]);

  const { keys } = await karyonJson<{ keys: unknown }>(workspace, "keys", "list");
  expect(keys).toEqual({ "move-up": ["Alt-u"] });
});

test("of keys that are given at the same moment none is lost", async () => {
  const here = await Asking.open();
  onTestFinished(() => here.close());
  const keys = { "move-up": ["Alt-u"], "move-down": ["Alt-d"], next: ["Alt-n"] };
  await Promise.all(
    Object.entries(keys).map(([name, own]) => here.ask("keys-set", { keys: { [name]: own } })),
  );
  expect(await here.ask("keys-list")).toMatchObject({ keys });
});

test("a file of keys that the system refuses to read is neither empty nor written over", async () => {
  const here = await Asking.open();
  onTestFinished(() => here.close());
  const { home } = here.workspace.paths;
  await mkdir(home, { recursive: true });
  await symlink("keys.json", join(home, "keys.json"));
  await expect(here.ask("keys-list")).rejects.toThrow("ELOOP");
  await expect(here.ask("keys-set", { keys: { "move-up": ["Alt-u"] } })).rejects.toThrow("ELOOP");
  await here.ask("keys-reset");
  expect(await here.ask("keys-list")).toMatchObject({ keys: {} });
});
