import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { diff } from "../../server/cli/diff.ts";
import type { DiffResult } from "../../server/cli/diff.ts";
import type { Verb } from "../../server/cli/verb.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { causeText } from "../../server/cli/format.ts";
import { erase, planErasure } from "../../server/erase.ts";
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
`;
const verb = diff as unknown as Verb<Record<string, unknown>, DiffResult>;

let made: Genome;

beforeAll(async () => {
  made = await genome(CELLS + BESIDE);
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
    expect(causeText(cause)).toBe(`${ANNOTATIONS} of boris/s: changed`);
    expect(causeSentences([cause], "beside" as AssetKey, new Map())).toEqual([
      `\`${ANNOTATIONS}\` of boris/s changed`,
    ]);
    await made.make("beside");
    expect(await stateOfIt()).toEqual({ state: "fresh" });
  });

  test("what is erased is gone for the difference too", async () => {
    await erase(made.workspace, planErasure(made.workspace, [OTHER]));
    expect(await stateOfIt()).toMatchObject({
      state: "stale",
      causes: [{ change: "removed", partition: OTHER }],
    });
  });
});
