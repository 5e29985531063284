import { rm } from "node:fs/promises";

import { afterEach, expect, test } from "vitest";

import { assetKey, WHOLE } from "#protocol/ids.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { Workspace } from "../../server/workspace.ts";
import { openOver } from "../support/workspace.ts";

const TABLE = assetKey("checked");

let workspace: Workspace;

afterEach(async () => {
  await workspace.close();
  await rm(workspace.paths.root, { recursive: true });
});

const notebook = (check: string, from = 0): string => `\`\`\`sql numbers asset
select range + ${from} as n, 'word ' || range as word from range(10)
\`\`\`

\`\`\`sql checked asset check=${check}
select n, word from numbers
\`\`\`

\`\`\`sql below asset
select n from checked
\`\`\`
`;

async function open(check: string): Promise<void> {
  workspace = await openOver(notebook(check));
}

async function edit(text: string): Promise<void> {
  const session = await workspace.sessions.session("one.md");
  session.disk(text);
  await session.trust(session.standing.revision);
  workspace.definitionsChanged();
}

/** What became of the table and of what is made from it. */
async function make(): Promise<{ error: ErrorInfo | null; below: string | undefined }> {
  const run = await workspace.startRun("below", WHOLE);
  await run.ended;
  const events = workspace.catalog.eventsOfRun(run.id).map(({ event }) => event);
  const failed = events.find((event) => event.type === "step_failed");
  const skipped = events.find((event) => event.type === "step_skipped");
  const seen =
    failed === undefined
      ? null
      : workspace.live.withRows(TABLE, WHOLE, { state: "failed", error: failed.error, run: run.id });
  return { error: seen?.error ?? null, below: skipped?.reason };
}

const head = (): AssetRecord | null => workspace.catalog.versions.headRecord(TABLE, WHOLE);

test.each([
  ['"count(*) > 0"'],
  ['"n >= 0"'],
  // Of what is not known it is not known that it is wrong.
  ['"nullif(n, 3) < 100"'],
  ['"select * from checked where n > 100"'],
  ['"from checked anti join numbers using (n)"'],
  ['"n < 100 -- and no more"'],
])("a table that holds to check=%s is made", async (check) => {
  await open(check);
  expect(await make()).toEqual({ error: null, below: undefined });
  expect(head()?.rows).toBe(10);
});

test.each([
  ['"count(*) > 100"', "count(*) > 100", undefined],
  [
    '"n < 8"',
    "n < 8",
    [
      ["8", "word 8"],
      ["9", "word 9"],
    ],
  ],
  ['"select word from checked where n = 5"', "select word from checked where n = 5", [["word 5"]]],
])("a table that breaks check=%s is not, with the rows that break it", async (check, words, rows) => {
  await open(check);
  const { error, below } = await make();
  expect(error).toMatchObject({ code: "check", message: `check failed: ${words}`, cell: "checked" });
  expect(error?.rows?.rows).toEqual(rows);
  expect([head(), below]).toEqual([null, "check_blocked"]);
});

test("what was made before stands when its next version breaks the check, and no value of it is written down", async () => {
  await open('"n < 12"');
  await make();
  const before = head();
  await edit(notebook('"n < 12"', 5));
  const { error } = await make();
  expect(error?.message).toBe("check failed: n < 12");
  expect(head()).toEqual(before);
  expect((await workspace.statuses(WHOLE)).get(assetKey("below"))?.state).toBe("stale");
  const failed = workspace.catalog.latest(20).filter(({ event }) => event.type === "step_failed");
  expect(JSON.stringify(failed)).not.toContain("word");
});

test("another check makes the table stale and is held against it; written otherwise, it is the same", async () => {
  await open('"n < 12"');
  await make();
  await edit(notebook('"n  <  12 -- still"'));
  expect((await workspace.statuses(WHOLE)).get(TABLE)).toEqual({ state: "fresh" });
  await edit(notebook('"n < 3"'));
  expect((await workspace.statuses(WHOLE)).get(TABLE)).toMatchObject({
    state: "stale",
    causes: [{ kind: "code", asset: TABLE, detail: "check changed" }],
  });
  expect((await make()).error?.message).toBe("check failed: n < 3");
});

test.each([
  ['"n <"', "not a check: n <"],
  ['"drop table x"', "not a check: drop table x"],
])("check=%s is a problem of its cell", async (check, words) => {
  await open(check);
  const { graph } = await workspace.definitions();
  expect(graph.problems.get(TABLE)?.message).toContain(words);
});

test("a check that names what is not there, or reads a file, fails as what it is, and nothing is kept", async () => {
  await open('"nobody > 1"');
  expect((await make()).error).toMatchObject({ code: "engine" });
  await edit(notebook(`"select * from read_text('/etc/hostname')"`));
  expect((await make()).error).not.toBeNull();
  expect(head()).toBeNull();
});

test("what is no kept table has no check", async () => {
  workspace = await openOver('```yaml settings config check="count(*) > 0"\nmin: 1\n```\n');
  const { graph } = await workspace.definitions();
  expect(graph.problems.get(assetKey("settings"))?.message).toBe("a check of what is no table that is kept");
});
