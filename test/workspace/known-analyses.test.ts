import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { parse } from "#notebook/parse.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { loadDefinitions } from "../../server/definitions.ts";
import type { Definitions } from "../../server/definitions.ts";
import type { Kernel } from "../../server/kernels/kernel.ts";
import { Kernels } from "../../server/kernels/kernels.ts";
import { KnownAnalyses } from "../../server/known-analyses.ts";
import type { AnalysesPlace } from "../../server/known-analyses.ts";
import { temporaryFolder } from "../support/karyon.ts";

const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
const SOFTWARE = "karyon test";
const NOTEBOOK = [
  "```sql first asset\nselect 1 as n\n```",
  "```sql second asset\nselect n + 1 as n from first\n```",
  "```ts third kernel\nsecond.map((row: { n: number }) => row)\n```",
  "```yaml panel modules\n```",
  "```yaml of_anna diff\nasset: first\nsample: anna/genome\n```",
].join("\n\n");

let folder: string;
let kernels: Kernels;
/** Of the kernel that the tests ask. */
let build: string;

beforeAll(async () => {
  folder = await temporaryFolder("analyses");
  kernels = new Kernels({
    software: SOFTWARE,
    build: null,
    notebooks: folder,
    objects: join(folder, "objects"),
    cache: join(folder, "cache"),
    spill: join(folder, "spill"),
    memoryBytes: null,
    capBytes: null,
    threads: 1,
  });
  const reply = await kernels.ask({ type: "analyse", cells: [], modules: [] });
  build = (reply !== null && "analyses" in reply ? reply.build : null) ?? "";
});
afterAll(async () => {
  await kernels.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await cp(join(SHIPPED, "modules", "vo2max"), join(folder, "modules", "vo2max"), { recursive: true });
});
afterEach(async () => {
  for (const name of ["analyses.json", "shared.json", "modules"])
    await rm(join(folder, name), { recursive: true, force: true });
});

interface Load {
  readonly definitions: Definitions;
  /** Names of the cells that the kernel was asked about. */
  readonly asked: readonly string[];
}

/** Reads the definitions as a process does that has just started, and ends. */
async function load(text = NOTEBOOK, of: Partial<AnalysesPlace> = {}): Promise<Load> {
  const asked: string[] = [];
  const kernel: Pick<Kernel, "request"> = {
    request(work, options) {
      if (work.type === "analyse") asked.push(...work.cells.map(({ name }: CellText) => name));
      return kernels.ask(work, options);
    },
  };
  const known = new KnownAnalyses({
    path: file(),
    shared: file("shared"),
    shipped: false,
    software: SOFTWARE,
    build,
    ...of,
  });
  const standing = { revision: 1, canUndo: false, canRedo: false, untrusted: null };
  const definitions = await loadDefinitions(
    folder,
    [{ notebook: parse("one.md", text), standing }],
    kernel,
    known,
  );
  await known.close();
  return { definitions, asked };
}

function file(whose = "analyses"): string {
  return join(folder, `${whose}.json`);
}

test("a build has a name", () => expect(build).toMatch(/^[0-9a-f]{64}$/));

test("the next process asks the kernel nothing but whom a cell compares with, and finds the same", async () => {
  const first = await load();
  expect(first.asked).toEqual(["modules/vo2max", "first", "second", "third", "panel", "of_anna"]);
  const next = await load();
  expect(next.asked).toEqual(["of_anna"]);
  expect([...next.definitions.graph.assets]).toEqual([...first.definitions.graph.assets]);
  expect(next.definitions.graph.order).toEqual(first.definitions.graph.order);
});

test("live SQL that cannot be parsed, as while it is typed, is no asset that failed", async () => {
  const { definitions } = await load("```sql looked\nselec 1\n```\n\n```sql held asset\nselec 1\n```");
  expect(definitions.graph.assets.has("looked" as AssetKey)).toBe(false);
  expect(definitions.graph.assets.has("held" as AssetKey)).toBe(true);
});

test("one process asks for nothing twice", async () => {
  const kernel = { request: (...words: Parameters<Kernels["ask"]>) => (count++, kernels.ask(...words)) };
  let count = 0;
  const known = new KnownAnalyses();
  await loadDefinitions(folder, [], kernel, known);
  await loadDefinitions(folder, [], kernel, known);
  expect(count).toBe(1);
});

test("a changed cell is asked for, and no other", async () => {
  await load();
  const { asked, definitions } = await load(NOTEBOOK.replace("select 1", "select 2"));
  expect(asked).toEqual(["first", "of_anna"]);
  const { asked: again, definitions: before } = await load();
  expect(again).toEqual(["first", "of_anna"]);
  const version = ({ graph }: Definitions): unknown =>
    [...graph.assets.values()].find(({ key }) => (key as string) === "first")?.parts["source"];
  expect(version(definitions)).not.toBe(version(before));
});

test("a changed file is asked for with all cells that may be made of it, and not with those of SQL and scripts", async () => {
  await load();
  const variants = join(folder, "modules", "vo2max", "variants.csv");
  const text = await readFile(variants, "utf8");
  await writeFile(variants, text.replaceAll("0.5", "0.7"));
  expect((await load()).asked).toEqual(["modules/vo2max", "panel", "of_anna"]);
});

test("a folder that came is a module", async () => {
  await load();
  await cp(join(SHIPPED, "modules", "coronary"), join(folder, "modules", "coronary"), { recursive: true });
  const { asked, definitions } = await load();
  expect(asked).toEqual(["modules/coronary", "modules/vo2max", "panel", "of_anna"]);
  const panel = [...definitions.graph.assets.values()].find(({ key }) => (key as string) === "panel");
  expect(panel?.inputs).toEqual(["modules/coronary", "modules/vo2max"]);
});

test("an error is looked at again", async () => {
  const text = "```sql broken asset\nselect from where\n```";
  expect((await load(text)).asked).toContain("broken");
  const { asked, definitions } = await load(text);
  expect(asked).toEqual(["broken"]);
  expect([...definitions.graph.problems.keys()]).toEqual(["broken"]);
});

test("the file holds the cells that there are, and names no person", async () => {
  await load();
  const all = await readFile(file(), "utf8");
  expect(all).not.toContain("anna");
  await load("```sql only asset\nselect 1 as n\n```");
  const { analyses } = JSON.parse(await readFile(file(), "utf8")) as { analyses: object };
  expect(Object.keys(analyses)).toHaveLength(2);
});

test("what was found of the notebooks that come with Karyon is known in every workspace, and of others nothing", async () => {
  await load();
  await expect(readFile(file("shared"))).rejects.toThrow("ENOENT");
  await rm(file());
  await load(NOTEBOOK, { shipped: true });
  await rm(file());
  const { asked } = await load(NOTEBOOK.replace("select 1", "select 2"));
  expect(asked).toEqual(["first", "of_anna"]);
});

describe("what is not of this build, or not whole, is as if it were not there:", () => {
  const whole = ["modules/vo2max", "first", "second", "third", "panel", "of_anna"];

  test.each([{ build: "another" }, { software: "karyon 9" }])("%j", async (of) => {
    await load();
    expect((await load(NOTEBOOK, of)).asked).toEqual(whole);
  });

  test("what a kernel of another build found", async () => {
    await load(NOTEBOOK, { build: "another" });
    await expect(readFile(file())).rejects.toThrow("ENOENT");
  });

  test.each<[string, (text: string) => string]>([
    ["cut off", (text) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["another shape", () => JSON.stringify({ software: SOFTWARE, build, analyses: [1, 2] })],
    ["a kind that is none", (text) => text.replace('"kind":"sql"', '"kind":7')],
    ["a field too many", (text) => text.replace('"live":false', '"live":false,"more":1')],
    ["zero bytes", (text) => text.replaceAll("a", "\0")],
  ])("a file that is %s", async (_name, damage) => {
    const before = await load();
    await writeFile(file(), damage(await readFile(file(), "utf8")));
    const after = await load();
    expect(after.asked).toEqual(whole);
    expect([...after.definitions.graph.assets]).toEqual([...before.definitions.graph.assets]);
    expect((await load()).asked).toEqual(["of_anna"]);
  });
});
