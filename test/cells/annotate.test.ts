import { afterEach, beforeEach, expect, test } from "vitest";

import type { AnnotationManifest } from "#protocol/annotation.ts";

import { runVerb } from "../../server/api.ts";
import { partitionsAdd } from "../../server/cli/partitions.ts";
import { never } from "../query/support.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

let made: Genome;

beforeEach(async () => {
  made = await genome();
});

afterEach(() => made.close());

function choose(...modules: readonly string[]): Promise<unknown> {
  const { workspace, partition } = made;
  const scope = { workspace, signal: never, progress: () => {} };
  return runVerb(partitionsAdd, { key: partition, modules }, workspace, scope);
}

test("modules are chosen for a sample as they are called here, and what is none is refused", async () => {
  expect(await choose("PANEL")).toMatchObject({ attributes: { modules: ["panel"] } });
  await expect(choose("panell")).rejects.toThrow("unknown module: panell");
  expect(made.workspace.attributes(made.partition).modules).toEqual(["panel"]);
});

test("a module that was chosen and is there no more is told of with why", async () => {
  const { workspace, partition } = made;
  workspace.setPartition(partition, { ...workspace.attributes(partition), modules: ["panel", "gone"] });
  await made.make("user_hf_module_annotations");
  const { modules } = made.record("user_hf_module_annotations").facts as AnnotationManifest;
  expect(modules.map(({ name, status, reason }) => [name, status, reason])).toEqual([
    ["panel", "annotated", null],
    ["gone", "failed", "it is not among the modules of chosen_modules: write it into its use:"],
  ]);
});
