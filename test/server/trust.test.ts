/** What may run: by the text of a notebook, whoever wrote it, and never by its name. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { Untrusted } from "#protocol/view.ts";

import { LocalApi } from "../../server/api.ts";
import { Sessions } from "../../server/sessions.ts";
import { Workspace } from "../../server/workspace.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";

const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
const TEXT =
  "# T\n\n```sql a asset\nselect 1 as n\n```\n\n```sql b asset\nselect n from a\n```\n\n```sql seen\nselect 2\n```\n";
const CHANGED = TEXT.replace("select 1", "select 7");

let root: string;
let open: Sessions[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "karyon-trust-"));
  mkdirSync(join(root, "notebooks"));
  writeFileSync(file("one.md"), TEXT);
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((sessions) => sessions.close()));
  rmSync(root, { recursive: true });
});

function file(name: string): string {
  return join(root, "notebooks", name);
}

function sessions(): Sessions {
  const made = new Sessions(join(root, "notebooks"), join(root, ".karyon"));
  open.push(made);
  return made;
}

async function untrusted(at: Sessions, name = "one.md"): Promise<Untrusted | null> {
  return (await at.session(name)).standing.untrusted;
}

function setA(source: string): { op: "set-source"; block: string; source: string } {
  return { op: "set-source", block: "a", source };
}

describe("a notebook", () => {
  test("that was found in the folder is not trusted, one that comes with Karyon or was made here is", async () => {
    cpSync(join(SHIPPED, "welcome.md"), file("greetings.md"));
    const here = sessions();
    await here.create("mine");
    expect(await untrusted(here)).toEqual({ changed: null });
    expect(await untrusted(here, "greetings.md")).toBeNull();
    expect(await untrusted(here, "mine.md")).toBeNull();
  });

  test("that was trusted stays so while it is edited here, over steps back and a restart without a close", async () => {
    const here = sessions();
    await here.trust("one");
    const session = await here.session("one.md");
    await session.dispatch({ type: "edit", ops: [setA("select 3")], at: 0 });
    await session.dispatch({ type: "edit", ops: [setA("select 4")], at: 60_000 });
    await session.dispatch({ type: "undo" });
    await session.dispatch({ type: "redo" });
    expect(await untrusted(here)).toBeNull();
    // Killed before it saved: the file has the old text, the journal the new one.
    expect(await untrusted(sessions())).toBeNull();
  });

  test("that was not stays so, whatever is written into it here", async () => {
    const here = sessions();
    const session = await here.session("one.md");
    await session.dispatch({ type: "edit", ops: [setA("select 3")], at: 0 });
    await session.save();
    expect([await untrusted(here), await untrusted(sessions())]).toEqual([
      { changed: null },
      { changed: null },
    ]);
  });

  test("that was changed and not yet seen is trusted as its file is", async () => {
    const here = sessions();
    await here.session("one.md");
    writeFileSync(file("one.md"), CHANGED);
    await here.trust("one");
    await here.look();
    expect(await untrusted(here)).toBeNull();
  });

  test("that another program changed is not trusted, and says what changed, also after a restart", async () => {
    const here = sessions();
    await here.trust("one");
    writeFileSync(file("one.md"), CHANGED);
    await here.look();
    const changed = {
      changed: [
        {
          cell: "a",
          before: "```sql a asset\nselect 1 as n\n```\n",
          after: "```sql a asset\nselect 7 as n\n```\n",
        },
      ],
    };
    expect(await untrusted(here)).toEqual(changed);
    await here.close();
    expect(await untrusted(sessions())).toEqual(changed);
  });

  test("that another program changed back is what it was; a step forward to the foreign text is foreign", async () => {
    const here = sessions();
    await here.trust("one");
    writeFileSync(file("one.md"), CHANGED);
    await here.look();
    const session = await here.session("one.md");
    await session.dispatch({ type: "undo" });
    expect(await untrusted(here)).toBeNull();
    await session.dispatch({ type: "redo" });
    expect(await untrusted(here)).not.toBeNull();
    writeFileSync(file("one.md"), TEXT);
    await here.look();
    expect(await untrusted(here)).toBeNull();
  });

  test("cannot be trusted at a revision that nobody looked at", async () => {
    const here = sessions();
    const session = await here.session("one.md");
    const seen = session.standing.revision;
    writeFileSync(file("one.md"), CHANGED);
    await here.look();
    await expect(session.trust(seen)).rejects.toThrow("is not what it was when you looked at it");
    expect(await untrusted(here)).not.toBeNull();
  });

  test("gets no trust from the name it takes or the one it is copied from", async () => {
    const here = sessions();
    await here.create("known");
    await here.copy("one", "copied");
    expect(await untrusted(here, "copied.md")).not.toBeNull();
    await here.remove("known", new Date(0));
    renameSync(file("one.md"), file("known.md"));
    await here.look();
    expect(await untrusted(here, "known.md")).not.toBeNull();
    // Nothing in a file can say that it is trusted.
    expect(readFileSync(file("known.md"), "utf8")).toBe(TEXT);
  });
});

test("a page runs nothing of a notebook that is not trusted, a command what it names; trust lets both", async () => {
  const workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  const api = new LocalApi(workspace, []);
  await workspace.sessions.openAll();
  const query = { notebook: "one.md", cell: "seen", partition: WHOLE, values: {}, limit: 10 };
  const ask = async (): Promise<number> => {
    let messages = 0;
    for await (const message of api.query(query, new AbortController().signal)) messages += message.length;
    return messages;
  };
  const refused = { info: { code: "notebook", message: /^not run: one\.md was written elsewhere/ } };
  const statusOf = async (asset: string): Promise<string | undefined> =>
    (await api.snapshot("one.md", WHOLE)).assets.find(({ key }) => key === asset)?.status.state;
  try {
    for (const asked of [() => api.startRun("+b", WHOLE), ask]) {
      const error = await asked().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(WorkspaceError);
      expect((error as WorkspaceError).info.message).toMatch(refused.info.message);
    }
    expect([workspace.catalog.runs(5), await statusOf("b")]).toEqual([[], "untrusted"]);

    await (
      await workspace.startRun("a", WHOLE)
    ).ended;
    expect([await statusOf("a"), await statusOf("b")]).toEqual(["fresh", "untrusted"]);

    const { revision } = (await workspace.sessions.session("one.md")).standing;
    await api.trust("one.md", revision);
    const run = workspace.live.get(await api.startRun("+b", WHOLE));
    await run?.ended;
    expect([await statusOf("b"), (await ask()) > 0]).toEqual(["fresh", true]);
  } finally {
    await workspace.close();
  }
});

test("a run of a page that waits for its turn makes nothing of a text that came meanwhile", async () => {
  const workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  const api = new LocalApi(workspace, []);
  try {
    await workspace.sessions.openAll();
    await workspace.sessions.trust("one.md");
    // In one turn of the loop: the first holds the queue when the text changes.
    const first = await workspace.startRun("a", WHOLE);
    const second = workspace.live.get(await api.startRun("+b", WHOLE));
    (await workspace.sessions.session("one.md")).disk(CHANGED);
    await Promise.all([first.ended, second?.ended]);
    expect(workspace.catalog.versions.head("b" as AssetKey, WHOLE)).toBeNull();
  } finally {
    await workspace.close();
  }
});
