import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { diff } from "../../server/cli/diff.ts";
import type { DiffResult } from "#protocol/verb-results.ts";
import type { Verb } from "../../server/cli/verb.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { LocalApi } from "../../server/api.ts";
import { causesText, statusLine } from "../../server/cli/format.ts";
import { verbs } from "../../server/cli/index.ts";
import { eventLine } from "../../server/cli/log.ts";
import { objectPath, partitionDirectory } from "../../server/runs/published-tree.ts";
import { runView } from "../../server/runs/run-view.ts";
import { causeSentences } from "../../ui/words/cause.ts";
import { VCF, genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const CELLS = `
\`\`\`yaml moved diff
asset: user_hf_module_annotations
\`\`\`

\`\`\`yaml others diff
asset: user_vcf_normalized
from: nothing_new
\`\`\`

\`\`\`sql nothing_new asset
select * from user_vcf_normalized where start <> 2000
\`\`\`
`;
const BESIDE = `
\`\`\`yaml beside diff
asset: user_hf_module_annotations
sample: boris/s
\`\`\`

\`\`\`sql onward asset
select * from beside
\`\`\`
`;
const verb = diff as unknown as Verb<Record<string, unknown>, DiffResult>;

const CONTEXT = { signal: new AbortController().signal, progress: () => {} };

let made: Genome;
let api: LocalApi;

beforeAll(async () => {
  made = await genome(CELLS + BESIDE);
  api = new LocalApi(made.workspace, verbs);
  await made.make("user_hf_module_annotations");
});
afterAll(() => made.close());

function ask(parameters: Record<string, unknown>): Promise<DiffResult> {
  const scope = { workspace: made.workspace, signal: new AbortController().signal, progress: () => {} };
  return verb.run(
    verb.parameters.parse({
      asset: "user_hf_module_annotations",
      partition: made.partition,
      ...parameters,
    }),
    scope,
  );
}

async function rowsOf(asset: string): Promise<Record<string, unknown>[]> {
  const connection = await duckdb.open({ spillDirectory: made.root });
  try {
    return await connection.rows(`from read_parquet('${made.file(asset, `${asset}.parquet`)}')`);
  } finally {
    connection.close();
  }
}

test("what was made once cannot be compared with what was before", async () => {
  await expect(ask({})).rejects.toThrow("was made only once: there is nothing to compare");
  await expect(made.make("moved")).rejects.toThrow("no version: previous");
});

test("a module that is edited moves its rows, in the verb and in a cell that keeps the difference", async () => {
  await made.edit("weight: -0.8", "weight: -1.5");
  await made.make("moved");
  const result = await ask({});
  expect(result.counts).toMatchObject({ changed: 1, added: 0, removed: 0 });
  expect(result.modules).toMatchObject([
    { module: "panel", changed: 1, net_weight_before: -0.3, net_weight_after: -1 },
  ]);
  expect(result.before.run).toBeLessThan(result.after.run);
  expect(await rowsOf("moved")).toMatchObject([
    { kind: "changed", rsid: "rs11", column: "weight", before: "-0.8", after: "-1.5" },
  ]);
  expect(made.record("moved").facts).toMatchObject({
    counts: { changed: 1 },
    before: { asset: "user_hf_module_annotations", dataVersion: result.before.data_version },
  });
});

test("a version is named by its run, the start of its hash, or a time", async () => {
  const { before, after } = await ask({});
  expect((await ask({ before: String(before.run), after: before.data_version.slice(0, 8) })).counts).toEqual(
    expect.objectContaining({ changed: 0 }),
  );
  expect((await ask({ before: before.made_at })).before).toEqual(before);
  expect((await ask({ after: "head" })).after).toEqual(after);
  await expect(ask({ before: "2001-01-01" })).rejects.toThrow("there was none yet at 2001-01-01");
});

test("one asset is compared with another", async () => {
  await made.make("others");
  expect(await rowsOf("others")).toContainEqual(
    expect.objectContaining({ kind: "added", start: 2000, column: "GT", before: null, after: "1/1" }),
  );
  expect(made.record("others").facts).toMatchObject({ counts: { before: 6, after: 7, added: 1 } });
});

describe("against another sample", () => {
  const OTHER = parsePartition("boris/s");
  const ANNOTATIONS = "user_hf_module_annotations" as AssetKey;

  async function stateOfIt(): Promise<AssetStatus | undefined> {
    return (await made.workspace.statuses(made.partition)).get("beside" as AssetKey);
  }

  async function makeOther(select: string): Promise<void> {
    await (
      await made.workspace.startRun(select, OTHER)
    ).ended;
  }

  test("its version is an input of the difference, which goes stale by it and says by whose", async () => {
    const { workspace, partition, root } = made;
    const path = join(root, "boris.vcf");
    await writeFile(path, VCF.replace("1|0:30", "1|1:30"));
    workspace.setPartition(OTHER, { vcf: path });
    await makeOther(ANNOTATIONS);
    await made.make("beside");
    expect(made.record("beside").inputs).toMatchObject([
      { asset: ANNOTATIONS, partition },
      { asset: ANNOTATIONS, partition: OTHER, compared: true },
    ]);
    expect(await stateOfIt()).toEqual({ state: "fresh" });

    await writeFile(path, VCF.replace("1|0:30", "0|0:30"));
    await makeOther(ANNOTATIONS);
    const status = await stateOfIt();
    const cause = { kind: "input", asset: ANNOTATIONS, change: "changed", partition: OTHER } as const;
    expect(status).toEqual({ state: "stale", causes: [cause] });
    expect(causesText([cause], cause.asset)).toBe(`${ANNOTATIONS} of boris/s: changed`);
    expect(causeSentences([cause], "beside" as AssetKey, new Map())).toEqual([
      `\`${ANNOTATIONS}\` of boris/s changed`,
    ]);
    await made.make("beside");
    expect(await stateOfIt()).toEqual({ state: "fresh" });
  });

  test("who is erased is gone from the difference, from its versions, and from what was made from it", async () => {
    const { workspace, partition, root } = made;
    const { catalog, paths } = workspace;
    const BESIDE_KEY = "beside" as AssetKey;
    const ONWARD = "onward" as AssetKey;
    await made.make("onward");
    const going = [BESIDE_KEY, ONWARD].flatMap((key) => catalog.versions.history(key, partition, 10));
    const staying = catalog.versions.history(ANNOTATIONS, partition, 10);
    expect(going.map(({ asset }) => asset)).toEqual(["beside", "beside", "onward"]);
    const link = (name: string): string =>
      join(partitionDirectory(paths.output, partition), `${name}.parquet`);
    expect([existsSync(link("beside")), existsSync(link("onward"))]).toEqual([true, true]);

    const planned = (await api.verb("partitions-rm", { key: OTHER, dryRun: true }, CONTEXT)) as object;
    const derived = [
      { asset: "beside", partition, versions: 2 },
      { asset: "onward", partition, versions: 1 },
    ];
    expect(planned).toMatchObject({ removed: false, derived });
    expect(await stateOfIt()).toEqual({ state: "fresh" });
    const receipt = (await api.verb("partitions-rm", { key: OTHER }, CONTEXT)) as object;
    expect(receipt).toEqual({ ...planned, removed: true });

    expect(await stateOfIt()).toEqual({ state: "missing", because: "erased" });
    for (const { files } of going)
      for (const { hash } of files) expect(existsSync(objectPath(paths.home, hash))).toBe(false);
    for (const { files } of staying)
      for (const { hash } of files) expect(existsSync(objectPath(paths.home, hash))).toBe(true);
    expect([existsSync(link("beside")), existsSync(link("onward"))]).toEqual([false, false]);
    expect(catalog.versions.history(BESIDE_KEY, partition, 10)).toEqual([]);
    // Not a byte of the catalog says what was in it.
    const database = await readFile(join(paths.home, "catalog.sqlite"));
    for (const { dataVersion } of going) expect(database.includes(dataVersion)).toBe(false);
    expect(statusLine((await stateOfIt()) ?? { state: "fresh" }, "page" as never)).toBe(
      "missing: what it was made from was erased",
    );
    const log = catalog.latest(1_000).map((event) => eventLine(event));
    expect(log.find((line) => line.includes("erased  boris/s"))).toContain(
      "beside of anna/s, which was made from it, 2 versions",
    );
    expect(log.filter((line) => line.includes("withdrawn  "))).toHaveLength(going.length);
    const runs = going.map(({ run }) => runView(run, catalog.eventsOfRun(run)));
    for (const run of runs) expect(run?.steps.map(({ state }) => state)).not.toContain("running");
    const { findings } = (await api.verb("doctor", { deep: true }, CONTEXT)) as {
      findings: { what: string; state: string }[];
    };
    expect(findings).toContainEqual(expect.objectContaining({ what: "erased", state: "good" }));
    expect(findings).toContainEqual(expect.objectContaining({ what: "stored files", state: "good" }));
    expect(await api.verb("gc", { graceMinutes: 0, dryRun: true }, CONTEXT)).toMatchObject({ objects: 0 });

    // Who comes back is compared with again.
    workspace.setPartition(OTHER, { vcf: join(root, "boris.vcf") });
    await makeOther(ANNOTATIONS);
    await made.make("beside");
    expect(await stateOfIt()).toEqual({ state: "fresh" });
  });

  test("a difference of before such things went with a person is found by the doctor", async () => {
    const { catalog } = made.workspace;
    catalog.append({ type: "erased", partition: OTHER, assets: [], objects: 0, bytes: 0 });
    const ask = async (): Promise<unknown> => api.verb("doctor", {}, CONTEXT);
    expect(await ask()).toMatchObject({
      findings: expect.arrayContaining([
        {
          what: "erased",
          state: "bad",
          words: expect.stringContaining("such as of beside of anna/s"),
        },
      ]),
    });
    await api.verb("erase", { user: "boris", yes: true }, CONTEXT);
    expect(await ask()).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ what: "erased", state: "good" })]),
    });
  });
});
