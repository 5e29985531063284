import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { CodeVersion, DataVersion, ObjectHash, PartitionKey } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import { LocalApi } from "../../server/api.ts";
import type { LoggedEvent } from "../../server/catalog/events.ts";
import type { EraseResult } from "../../server/cli/erase.ts";
import { verbs } from "../../server/cli/index.ts";
import { eventLine } from "../../server/cli/log.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import { objectPath, partitionDirectory } from "../../server/runs/published-tree.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { Workspace } from "../../server/workspace.ts";
import { VCF } from "../support/genome.ts";
import { temporaryFolder, until } from "../support/karyon.ts";

const NOTEBOOK = `\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql doubled asset
select n * 2 as n from numbers
\`\`\`

\`\`\`sql endless asset
select count(*) as n from range(1000000000000) a(i)
\`\`\`
`;
const VARIANTS = assetKey("variants");

let root: string;
let workspace: Workspace;
let api: LocalApi;

beforeEach(async () => {
  root = await temporaryFolder("verbs");
  await mkdir(join(root, "notebooks"));
  await writeFile(join(root, "notebooks/one.md"), NOTEBOOK);
  workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  await workspace.sessions.openAll();
  api = new LocalApi(workspace, verbs);
});

afterEach(async () => {
  await workspace.close();
  await rm(root, { recursive: true });
});

async function ask<Result>(verb: string, parameters: object = {}): Promise<Result> {
  const context = { signal: new AbortController().signal, progress: () => {} };
  return (await api.verb(verb, parameters, context)) as Result;
}

async function make(selection: string, partition: PartitionKey = WHOLE): Promise<number> {
  const run = await workspace.startRun(selection, partition);
  await run.ended;
  return run.id;
}

async function edit(from: string, to: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  session.disk(session.text.replace(from, to));
}

async function objects(): Promise<string[]> {
  const folder = join(workspace.paths.home, "objects");
  const prefixes = await readdir(folder).catch(() => []);
  const all = await Promise.all(
    prefixes.map(async (prefix) => (await readdir(join(folder, prefix))).map((rest) => prefix + rest)),
  );
  return all.flat().toSorted();
}

/** Stores a file as a run does, with its record when it has a partition. */
async function keep(text: string, partition: PartitionKey | null = null): Promise<string> {
  const hash = createHash("sha256").update(text).digest("hex") as ObjectHash;
  const path = objectPath(workspace.paths.home, hash);
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path)) await writeFile(path, text, { mode: 0o400 });
  if (partition === null) return hash;
  workspace.catalog.append({
    type: "materialised",
    run: 1,
    asset: VARIANTS,
    partition,
    record: {
      files: [{ name: "a.parquet", hash, bytes: text.length }],
      table: "a.parquet",
      rows: 1,
      columns: [],
      seconds: 1,
      cpuPercent: 100,
      peakRssMb: 100,
      engine: null,
      modules: [],
      reference: null,
      facts: null,
      run: 1,
      asset: VARIANTS,
      partition,
      codeVersion: "c" as CodeVersion,
      parts: {},
      dataVersion: hash as string as DataVersion,
      inputs: [],
      bytes: text.length,
      software: "karyon test",
      madeAt: "2026-11-22T12:00:00Z",
    },
  });
  return hash;
}

describe("what would be run", () => {
  test("is said with its cause and what it took the last time, and nothing is run", async () => {
    await make("doubled");
    await edit("select 1", "select 3");
    const planned = await ask<{
      steps: { asset: string; status: object; seconds: number }[];
      unknown: number;
    }>("plan", { select: "doubled or endless" });
    expect(planned.steps.map(({ asset }) => asset)).toEqual(["numbers", "doubled", "endless"]);
    expect(planned.steps[1]?.status).toMatchObject({ state: "stale", causes: [{ asset: "numbers" }] });
    expect(planned.steps[0]?.seconds).toBeGreaterThan(0);
    expect(planned.unknown).toBe(1);
    expect(workspace.catalog.runs(10)).toHaveLength(1);
    const { assets } = await ask<{ assets: { asset: string; rows: number | null }[] }>("ls", {
      select: "+doubled",
    });
    expect(assets).toMatchObject([
      { asset: "numbers", rows: 1 },
      { asset: "doubled", rows: 1 },
    ]);
  });

  test("is chosen by the state that it is in now, also when nobody has looked at it since", async () => {
    const anna = parsePartition("anna/a");
    await writeFile(join(root, "a.vcf"), VCF);
    workspace.setPartition(anna, { vcf: join(root, "a.vcf") });
    await edit(
      NOTEBOOK,
      `\`\`\`yaml file source=vcf
\`\`\`

\`\`\`yaml filters config
min_qual: 0
\`\`\`

\`\`\`yaml called normalise
source: file
filters: filters
\`\`\`
`,
    );
    await make("called", anna);
    const stale = async (verb: "plan" | "ls"): Promise<string[] | undefined> => {
      type Answer = Partial<Record<"assets" | "steps", { asset: string }[]>>;
      const { assets, steps } = await ask<Answer>(verb, { select: "stale", partition: anna });
      return (assets ?? steps)?.map(({ asset }) => asset);
    };
    await edit("min_qual: 0", "min_qual: 1");
    expect(await stale("plan")).toEqual(["called"]);
    await edit("min_qual: 1", "min_qual: 2");
    await make("called", anna);
    await edit("min_qual: 2", "min_qual: 3");
    expect(await stale("ls")).toEqual(["called"]);
    await edit("min_qual: 3", "min_qual: 4");
    await make("called", anna);
    await edit("min_qual: 4", "min_qual: 5");
    const { steps } = await ask<RunView>("asset-materialize", { select: "stale", partition: anna });
    expect(steps).toMatchObject([{ asset: "called", state: "done" }]);
  });

  test("holds nothing that is read when it is there and is not made for this", async () => {
    const anna = parsePartition("anna/a");
    workspace.setPartition(anna, {});
    await edit(
      NOTEBOOK,
      `${NOTEBOOK}
\`\`\`yaml file source=vcf
\`\`\`

\`\`\`yaml files export
source: file
variants: numbers
annotations: doubled
ensembl: endless
\`\`\`
`,
    );
    const { steps } = await ask<{ steps: { asset: string }[] }>("plan", {
      select: "+files",
      partition: anna,
    });
    expect(steps.map(({ asset }) => asset)).toEqual(["numbers", "doubled", "files"]);
  });
});

describe("a run", () => {
  test("is stopped, read and run again by its number", async () => {
    const started = await workspace.startRun("numbers or endless", WHOLE);
    await until(() => started.progress.has(assetKey("endless")));
    expect(await ask<RunView>("run-cancel", { id: started.id })).toMatchObject({ state: "cancelled" });
    await expect(ask("run-cancel", { id: started.id })).rejects.toThrow("run 1 has ended: cancelled");

    const { events } = await ask<{ events: LoggedEvent[] }>("run-log", { id: started.id });
    expect(events.map((event) => eventLine(event).replace(/^\S+  \S+  /, ""))).toEqual([
      "run started  run 1, numbers or endless, 2 steps",
      expect.stringMatching(/^notebooks kept  run 1, as it found them: one\.md/),
      "step started  numbers",
      expect.stringMatching(/^materialised  numbers: 1 rows, /),
      "step started  endless",
      "step cancelled  endless",
      "run ended  run 1 cancelled",
    ]);
    await edit("range(1000000000000)", "range(10)");
    const again = await ask<RunView>("run-retry", { id: started.id });
    expect(again.steps.map(({ asset, state }) => `${asset} ${state}`)).toEqual(["endless done"]);
    await expect(ask("run-log", { id: 99 })).rejects.toThrow("no such run: 99");
  });
});

describe("gc", () => {
  test("removes what no record names and is no longer young; every version of history stays", async () => {
    await make("numbers");
    await edit("select 1", "select 2");
    await make("numbers");
    const named = await objects();
    const stray = await keep("left by a run that was killed");
    expect(await ask("gc")).toMatchObject({ objects: 0 });
    expect(await ask("gc", { graceMinutes: 0, dryRun: true })).toMatchObject({ objects: 1, removed: false });
    expect(await objects()).toContain(stray);
    expect(await ask("gc", { graceMinutes: 0 })).toMatchObject({ objects: 1, kept: named.length });
    expect(await objects()).toEqual(named);
    // Two versions, and the texts of the notebooks that they were made from.
    expect(named).toHaveLength(4);
  });

  test("lets older versions go when it is asked to, but none that is held", async () => {
    await make("numbers");
    const head = workspace.catalog.head(assetKey("numbers"), WHOLE);
    const first = head?.kind === "record" ? head.record.files[0]?.hash : null;
    expect(await objects()).toContain(first);
    await edit("select 1", "select 2");
    await make("numbers");
    await ask("hold", { asset: "numbers" });
    expect(await ask("gc", { graceMinutes: 0, keep: 1 })).toMatchObject({ objects: 0, versions_let_go: 0 });
    await ask("unhold", { asset: "numbers" });
    expect(await ask("gc", { graceMinutes: 0, keep: 1 })).toMatchObject({ objects: 1, versions_let_go: 1 });
    expect(await objects()).not.toContain(first);
    expect(await objects()).toHaveLength(3);
  });
});

describe("erasing a person", () => {
  const [own, second, other] = ["anna/a", "anna/b", "boris/a"].map((key) => parsePartition(key));

  test("is a plan until it is confirmed; then every version goes, nothing of another, and a receipt stays", async () => {
    if (own === undefined || second === undefined || other === undefined) throw new Error("no partitions");
    const input = join(workspace.paths.input, "users/anna");
    await mkdir(input, { recursive: true });
    await writeFile(join(input, "a.vcf"), "##fileformat=VCFv4.2");
    await addDroppedFiles(workspace);
    workspace.setPartition(second, { vcf: join(root, "elsewhere.vcf") });
    workspace.setPartition(other, {});
    await writeFile(join(root, "elsewhere.vcf"), "##fileformat=VCFv4.2");
    const [old, now, shared] = [await keep("old", own), await keep("now", own), await keep("shared", second)];
    await keep("shared", other);
    const links = partitionDirectory(workspace.paths.output, own);
    await mkdir(links, { recursive: true });
    const spill = join(workspace.paths.home, "spill");
    const left = ["what-if-999999999-a", "views-999999999-a", "joined/a", `genome-${process.pid}-a`];
    for (const folder of left) {
      await mkdir(join(spill, folder), { recursive: true });
      await writeFile(join(spill, folder, "rows.parquet"), "rows");
    }

    const planned = await ask<EraseResult>("erase", { user: "anna", source: true });
    expect(planned).toMatchObject({ erased: false, partitions: [own, second], objects: 2, bytes: 6 });
    expect(planned.sources).toEqual([join(input, "a.vcf")]);
    expect(await objects()).toEqual([old, now, shared].toSorted());

    const receipt = await ask<EraseResult>("erase", { user: "anna", yes: true });
    expect(receipt).toMatchObject({ erased: true, objects: 2, sources: [] });
    expect(await objects()).toEqual([shared]);
    expect(workspace.catalog.head(VARIANTS, other)).not.toBeNull();
    expect(existsSync(dirname(links))).toBe(false);
    // What a process that lives works with stays until that is done.
    const rows = left.filter((folder) => existsSync(join(spill, folder, "rows.parquet")));
    expect(rows).toEqual([`genome-${process.pid}-a`]);
    expect(existsSync(join(root, "elsewhere.vcf"))).toBe(true);
    const { events } = await ask<{ events: LoggedEvent[] }>("log");
    const theirs = events.filter(({ event }) => "partition" in event && event.partition.startsWith("anna/"));
    expect(theirs.map(({ event }) => event.type)).toEqual(["erased", "erased"]);

    // The file that was left does not bring them back; one that is put there anew does.
    await addDroppedFiles(workspace);
    expect(workspace.catalog.partition(own)).toBeNull();
    await chmod(join(input, "a.vcf"), 0o600);
    await writeFile(join(input, "a.vcf"), "##fileformat=VCFv4.3");
    await addDroppedFiles(workspace);
    expect(workspace.catalog.partition(own)).not.toBeNull();
    await expect(ask("erase", { user: "carla" })).rejects.toThrow("nothing is kept of carla");
  });

  test("leaves a VCF alone that is another's as well", async () => {
    const input = join(workspace.paths.input, "users/anna");
    await mkdir(input, { recursive: true });
    for (const name of ["own.vcf", "both.vcf"]) await writeFile(join(input, name), "##fileformat=VCFv4.2");
    await addDroppedFiles(workspace);
    workspace.setPartition(parsePartition("boris/a"), { vcf: join(input, "both.vcf") });
    const receipt = await ask<EraseResult>("erase", { user: "anna", yes: true, source: true });
    expect(receipt.sources).toEqual([join(input, "own.vcf")]);
    expect(receipt.sources_kept).toEqual([join(input, "both.vcf")]);
    expect(await readdir(input)).toEqual(["both.vcf"]);
  });
});

describe("the doctor", () => {
  const states = async (parameters: object = {}): Promise<Record<string, string>> => {
    const { findings } = await ask<{ findings: { what: string; state: string }[] }>("doctor", parameters);
    return Object.fromEntries(findings.map(({ what, state }) => [what, state]));
  };

  test("finds a whole workspace whole, and what was changed or lost", async () => {
    await make("numbers");
    expect(await states({ deep: true })).toMatchObject({
      catalog: "good",
      "stored files": "good",
      kernel: "good",
      notebooks: "good",
      privacy: "good",
    });
    const [hash = ""] = await objects();
    const path = objectPath(workspace.paths.home, hash);
    await chmod(path, 0o600);
    const length = statSync(path).size;
    await writeFile(path, Buffer.alloc(length));
    expect(await states()).toMatchObject({ "stored files": "good" });
    expect(await states({ deep: true })).toMatchObject({ "stored files": "bad" });
    expect(await states()).toMatchObject({ "stored files": "bad" });
    // What it says is to be made again is made again.
    await make("numbers");
    expect(await states({ deep: true })).toMatchObject({ "stored files": "good" });
  });
});
