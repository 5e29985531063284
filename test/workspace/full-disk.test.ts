import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, expect, onTestFinished, test } from "vitest";

import { parsePartition, WHOLE } from "#protocol/ids.ts";

import { runVerb } from "../../server/api.ts";
import { Catalog } from "../../server/catalog/catalog.ts";
import { eraseUser } from "../../server/cli/erase.ts";
import { gc } from "../../server/cli/gc.ts";
import { ls } from "../../server/cli/ls.ts";
import { synth } from "../../server/cli/synth.ts";
import type { AnyVerb } from "../../server/cli/verb.ts";
import { storeUpload } from "../../server/uploads.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { Workspace } from "../../server/workspace.ts";
import { temporaryFolder } from "../support/karyon.ts";
import { openOver } from "../support/workspace.ts";
import { smallDisk } from "../support/small-disk.ts";

// To fill one up it has to be one of its own, which not everybody may mount.
const probe = smallDisk(1);
probe?.remove();

let workspace: Workspace | null = null;

afterEach(async () => {
  await workspace?.close();
  workspace = null;
});

async function ask<Result>(verb: AnyVerb, parameters: object = {}): Promise<Result> {
  if (workspace === null) throw new Error("no workspace");
  const context = { signal: new AbortController().signal, progress: (): void => {} };
  return (await runVerb(verb, parameters, workspace, context)) as Result;
}

test("beside a catalog lies what is given up when its disk is full", async () => {
  const folder = await temporaryFolder("full");
  for (let time = 0; time < 2; time++) new Catalog(join(folder, "catalog.sqlite")).close();
  expect(await readdir(folder)).toContain("ballast");
});

test.skipIf(probe === null)(
  "on a disk that was filled to the last byte what is there is listed, and removed",
  async () => {
    const disk = smallDisk(100);
    if (disk === null) return;
    onTestFinished(() => disk.remove());
    await mkdir(join(disk.folder, "notebooks"), { recursive: true });
    await writeFile(join(disk.folder, "notebooks/one.md"), "```sql numbers asset\nselect 1 as n\n```\n");
    const own = workspacePaths(disk.folder, {});
    workspace = await Workspace.open(own, { software: "karyon test" });
    await workspace.sessions.trust("one.md");
    await (
      await workspace.startRun("numbers", WHOLE)
    ).ended;
    workspace.setPartition(parsePartition("anna/a"), { vcf: "/nowhere.vcf" });
    await workspace.close();
    await (await Workspace.open(own, { software: "karyon test" })).close();
    disk.fill();

    workspace = await Workspace.open(own, { software: "karyon test" });
    expect(await ask(ls)).toMatchObject({ assets: [{ asset: "numbers", status: { state: "fresh" } }] });
    await ask(gc);
    expect(await ask(eraseUser, { user: "anna", yes: true })).toMatchObject({ erased: true });
    expect(existsSync(join(own.home, "ballast"))).toBe(false);
  },
);

test.skipIf(probe === null)(
  "a synthetic genome is stopped before its disk is full, and leaves nothing",
  async () => {
    const disk = smallDisk(30);
    if (disk === null) return;
    onTestFinished(() => disk.remove());
    workspace = await openOver("# Nothing\n");
    const out = join(disk.folder, "large.vcf.gz");
    await expect(ask(synth, { records: 50_000_000, seed: 1, out })).rejects.toThrow(
      "no space is left on the disk",
    );
    expect(await readdir(disk.folder)).toEqual([]);
  },
);

test.skipIf(probe === null)(
  "a file that is sent is stopped before the disk is full, and nothing of it stays",
  async () => {
    const disk = smallDisk(30);
    if (disk === null) return;
    onTestFinished(() => disk.remove());
    workspace = await openOver("# Nothing\n");
    const input = join(disk.folder, "input");
    const there = { ...workspace.paths, input };
    const onDisk = Object.create(workspace, { paths: { value: there } }) as Workspace;
    const block = new Uint8Array(1 << 16);
    // As over a wire: the disk is looked at now and then.
    const body = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield block;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    const request = { user: "anna", name: "genome.vcf", mostBytes: 1e9 };
    const sent = storeUpload(onDisk, request, body(), new AbortController().signal);
    await expect(sent).rejects.toThrow("no space is left on the disk");
    expect(await readdir(join(input, "users/anna"))).toEqual([]);
  },
);
