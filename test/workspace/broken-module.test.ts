/** A module that is broken among others that are not. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { WHOLE } from "#protocol/ids.ts";

import { runVerb } from "../../server/api.ts";
import { listModules } from "../../server/cli/list-modules.ts";
import { printRun } from "../../server/cli/runs.ts";
import { runView } from "../../server/runs/run-view.ts";
import type { Workspace } from "../../server/workspace.ts";
import { specOf } from "../modules/genome-fixture.ts";
import { never } from "../query/support.ts";
import { openOver } from "../support/workspace.ts";

const NOTEBOOK = "```yaml all modules\n```\n";
const SOUND = Array.from({ length: 11 }, (_, at) => `sound_${String(at).padStart(2, "0")}`);
let workspace: Workspace;

beforeAll(async () => {
  workspace = await openOver(NOTEBOOK);
  for (const name of [...SOUND, "broken", "Capital"]) {
    const folder = join(workspace.paths.notebooks, "modules", name);
    await mkdir(folder, { recursive: true });
    // A module goes by the name of its folder.
    await writeFile(join(folder, "module_spec.yaml"), specOf("fixture"));
    await writeFile(join(folder, "studies.csv"), "rsid,pmid\nrs1,123\n");
    const table = join(folder, "variants.csv");
    if (name === "broken") await mkdir(table);
    else await writeFile(table, "rsid,genotype,weight,state,conclusion\nrs1,A/G,1,protective,a\n");
  }
});

afterAll(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

async function run(selection: string): Promise<ReturnType<typeof runView>> {
  const live = await workspace.startRun(selection, WHOLE);
  await live.ended;
  return runView(live.id, workspace.catalog.eventsOfRun(live.id));
}

test("what reads modules is done without one, also when nothing else is to be made", async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  process.on("warning", warned);
  const [first, second] = [await run("+all"), await run("+all")];
  process.off("warning", warned);
  expect(first?.steps.filter(({ state }) => state === "done")).toHaveLength(SOUND.length + 1);
  expect([first?.state, second?.state]).toEqual(["done", "done"]);
  expect(second?.steps.map(({ asset, state }) => `${asset} ${state}`)).toEqual(["modules/broken failed"]);
  // More steps than Node expects listen for the end of one run.
  expect(warnings).toEqual([]);
});

test("a run for the module alone fails, and lists what is wrong", async () => {
  const view = await run("modules/broken");
  expect(view?.state).toBe("failed");
  expect(view && printRun(view)).toContain(
    "variants.csv: broken annotation module: broken\n  variants.csv is not a file\n",
  );
});

test("modules are listed by the names that they are chosen by, with what keeps one from being read", async () => {
  const scope = { workspace, signal: never, progress: () => {} };
  const { modules } = (await runVerb(listModules, {}, workspace, scope)) as {
    modules: { name: string; reason: string | null }[];
  };
  expect(modules.map(({ name, reason }) => [name, reason])).toEqual([
    ["Capital", "the folder is left out: write its name in lower-case letters, digits and underscores"],
    ["broken", "broken annotation module: broken: variants.csv is not a file"],
    ...SOUND.map((name) => [name, null]),
  ]);
});
