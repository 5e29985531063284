import { existsSync } from "node:fs";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { LocalApi, runVerb } from "../../server/api.ts";
import { gc } from "../../server/cli/gc.ts";
import { asOf, history } from "../../server/cli/history.ts";
import type { AsOfResult, HistoryResult } from "#protocol/verb-results.ts";
import { partitionsRemove } from "../../server/cli/partitions.ts";
import { objectPath } from "../../server/runs/published-tree.ts";
import { versionsOf } from "../../server/versions.ts";
import { never, rowsOf } from "../query/support.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const ANNOTATIONS = "user_hf_module_annotations" as AssetKey;
const context = { signal: never, progress: () => {} };

let made: Genome;
let api: LocalApi;
let first: AssetRecord;

beforeAll(async () => {
  made = await genome();
  api = new LocalApi(made.workspace, []);
  await made.make(ANNOTATIONS);
  first = made.record(ANNOTATIONS);
  await made.edit("weight: -0.8", "weight: -1.5");
  await made.make(ANNOTATIONS);
});
afterAll(() => made.close());

/** Weights in a version of the annotations. */
async function weights(of: Pick<AssetRecord, "dataVersion"> | null): Promise<unknown[]> {
  const version = of === null ? {} : { version: of.dataVersion };
  const place = { asset: ANNOTATIONS, partition: made.partition, offset: 0, limit: 10, ...version };
  return (await rowsOf(api.table(place, never))).map((row) => row["weight"]);
}

test("a version is read as it was, beside the one that stands", async () => {
  expect(await weights(null)).toEqual([-1.5, 0.5, null]);
  expect(await weights(first)).toEqual([-0.8, 0.5, null]);
  const file = api.file(ANNOTATIONS, made.partition, "modules/manifest.json", first.dataVersion);
  expect(file?.path).not.toBe(api.file(ANNOTATIONS, made.partition, "modules/manifest.json")?.path);
});

test("history tells each version, and what had changed", async () => {
  const parameters = { asset: ANNOTATIONS, partition: made.partition };
  const { versions } = (await runVerb(history, parameters, made.workspace, context)) as HistoryResult;
  expect(versions.map(({ causes, same }) => [causes, same])).toEqual([
    [[{ kind: "code", asset: "panel", detail: "source changed" }], false],
    [[], false],
  ]);
  expect(versions[1]?.record).toEqual(first);
});

test("as of a time every asset is the version that stood, and what was not there yet is none", async () => {
  const ask = async (at: string): Promise<AsOfResult> =>
    (await runVerb(asOf, { at, partition: made.partition }, made.workspace, context)) as AsOfResult;
  const then = await ask(first.madeAt);
  const find = (result: AsOfResult, asset: string): AsOfResult["assets"][number] | undefined =>
    result.assets.find(({ key }) => key === asset);
  expect(find(then, ANNOTATIONS)?.record).toEqual(first);
  expect(find(then, "user_vcf_source")?.observed).toContain("genome.vcf");
  const before = await ask("2001-01-01");
  expect(before.assets.every(({ record, observed }) => record === null && observed === null)).toBe(true);
  await expect(ask("yesterday")).rejects.toThrow("not a time: yesterday");
});

test("what the notebooks said then is kept with what was made from it, and read as it was", async () => {
  const { workspace, partition } = made;
  const ask = async (at: string): Promise<AsOfResult> =>
    (await runVerb(asOf, { at, partition, notebook: "genome.md" }, workspace, context)) as AsOfResult;
  const panel = ({ notebook }: AsOfResult): string =>
    notebook?.cells.find(({ name }) => name === "panel")?.source ?? "";
  const then = await ask(first.madeAt);
  expect(then).toMatchObject({
    kept_by: first.run,
    notebook: { at: first.madeAt, untrusted: { changed: null } },
  });
  expect(panel(then)).toContain("weight: -0.8");
  expect(then.notebook?.cells[0]?.source).toContain("# A genome");
  expect(panel(await ask(made.record(ANNOTATIONS).madeAt))).toContain("weight: -1.5");
  expect(await ask("2001-01-01")).toMatchObject({ kept_by: null });
});

test("a text that is trusted by now is trusted as of then", async () => {
  const { workspace, partition } = made;
  const parameters = { at: made.record(ANNOTATIONS).madeAt, partition, notebook: "genome.md" };
  const untrusted = async (): Promise<unknown> =>
    ((await runVerb(asOf, parameters, workspace, context)) as AsOfResult).notebook?.untrusted;
  expect(await untrusted()).toEqual({ changed: null });
  await workspace.sessions.trust("genome.md");
  expect(await untrusted()).toBeNull();
});

test("texts are kept once, and no sweep takes them", async () => {
  const texts = (): string[] =>
    made.workspace.catalog.recordedFiles().flatMap(({ asset, hash }) => (asset === null ? [hash] : []));
  const before = texts();
  expect(new Set(before).size).toBe(2);
  await made.make(ANNOTATIONS);
  expect(new Set(texts())).toEqual(new Set(before));
  await runVerb(gc, { keep: 1, graceMinutes: 0 }, made.workspace, context);
  expect(before.every((hash) => existsSync(objectPath(made.workspace.paths.home, hash)))).toBe(true);
});

test("a text that was changed on the disk is not read as what stood; one that was cut off is kept anew", async () => {
  const { workspace } = made;
  const paths = workspace.catalog
    .recordedFiles()
    .flatMap(({ asset, hash }) => (asset === null ? [objectPath(workspace.paths.home, hash)] : []));
  const [then = "", now = ""] = [paths[0], paths.at(-1)];
  const change = async (path: string, text: string): Promise<void> => {
    workspace.past.forget();
    await rm(path);
    await writeFile(path, text);
  };
  const whole = await readFile(then, "utf8");
  await change(then, whole.replace("weight: -0.8", "weight: +0.8"));
  expect(await runVerb(asOf, { at: first.madeAt }, workspace, context)).toMatchObject({ kept_by: null });
  await change(then, whole);
  expect(await runVerb(asOf, { at: first.madeAt }, workspace, context)).toMatchObject({ kept_by: first.run });

  const latest = await readFile(now, "utf8");
  await change(now, latest.slice(0, 10));
  await made.make(ANNOTATIONS);
  expect(await readFile(now, "utf8")).toBe(latest);
});

test("what a person had erased is in no history, whoever knows its hash", async () => {
  const beside = `${made.file("user_vcf_normalized", made.record("user_vcf_normalized").table ?? "")}.rsid.index`;
  await writeFile(beside, "what finds an rsID of theirs");
  await runVerb(partitionsRemove, { key: made.partition }, made.workspace, context);
  expect(existsSync(beside)).toBe(false);
  await expect(weights(first)).rejects.toThrow(`${ANNOTATIONS} has no table`);
  expect(api.file(ANNOTATIONS, made.partition, "modules/manifest.json", first.dataVersion)).toBeNull();
  const parameters = { asset: ANNOTATIONS, partition: made.partition };
  await expect(runVerb(history, parameters, made.workspace, context)).rejects.toThrow("no such partition");
  expect(versionsOf(made.workspace.catalog, ANNOTATIONS, made.partition)).toEqual([]);
});

test("and the texts that were kept with it are gone", async () => {
  const { catalog, paths } = made.workspace;
  // What has no partition stays.
  const left = catalog.recordedFiles();
  expect(left.filter(({ asset, partition }) => asset === null || partition === made.partition)).toEqual([]);
  const result = (await runVerb(asOf, { at: first.madeAt }, made.workspace, context)) as AsOfResult;
  expect(result.kept_by).toBeNull();
  const stored = await readdir(join(paths.home, "objects"), { recursive: true });
  const hashes = stored.map((name) => name.replace(/[/\\]/, "")).filter((name) => name.length === 64);
  expect(hashes.length).toBeGreaterThan(0);
  expect(hashes.filter((hash) => !left.some((file) => file.hash === hash))).toEqual([]);
});
