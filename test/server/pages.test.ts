/** What pages know of a notebook that several of them edit, some of them coming and going. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { WorkspaceEvent } from "#protocol/messages.ts";
import { errorInfo } from "#protocol/error.ts";
import { WHOLE, partitionKey } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { AssetView, NotebookView } from "#protocol/view.ts";

import { LocalApi } from "../../server/api.ts";
import { Audience } from "../../server/edge/audience.ts";
import { outOfMemory } from "../../server/kernels/kernel-death.ts";
import type { Kernel } from "../../server/kernels/kernel.ts";
import type { NotebookSession } from "../../server/notebook-session.ts";
import { Workspace } from "../../server/workspace.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { opOf, wish } from "../notebook/random-notebook.ts";
import { until } from "../support/karyon.ts";

const NAME = "one.md";
const TEXT = `# T

\`\`\`yaml filters config
min_depth: 10
\`\`\`

\`\`\`sql numbers asset
select 1 as n
\`\`\`

\`\`\`sql twice asset
select n * 2 as m from numbers
\`\`\`
`;
/** Without what a kernel looks at beside texts. */
const SQL = TEXT.slice(TEXT.indexOf("```sql"));

let root: string;
let workspace: Workspace;
let api: LocalApi;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "karyon-pages-"));
  mkdirSync(join(root, "notebooks"));
  writeFileSync(join(root, "notebooks", NAME), TEXT);
  workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  await workspace.sessions.openAll();
  await workspace.sessions.trust(NAME);
  api = new LocalApi(workspace, []);
});

afterAll(async () => {
  await workspace.close();
  rmSync(root, { recursive: true });
});

/** The notebook as it was at first. */
async function reset(): Promise<NotebookSession> {
  const session = await workspace.sessions.session(NAME);
  // Unsaved changes would be merged.
  await session.save();
  write(session, TEXT);
  return session;
}

/** As another program writes it. */
function write(session: NotebookSession, text: string): void {
  writeFileSync(join(root, "notebooks", NAME), text);
  session.disk(text);
}

/** The kernel that looks at texts, which answers nothing until it is continued. */
async function stoppedKernel(): Promise<Kernel> {
  const kernel = await workspace.kernels.get("work");
  await until(() => !kernel.isBusy);
  process.kill(kernel.pid ?? 0, "SIGSTOP");
  return kernel;
}

/** A page as the edge and the browser make it: a snapshot, then every event that follows it. */
class Page {
  notebook: NotebookView | null = null;
  readonly assets = new Map<string, AssetView>();
  readonly seqs: number[] = [];
  /** Times that it came back and was told what it had missed. */
  resumed = 0;
  /** Whether it was told to open anew. */
  isOutdated = false;
  readonly #partition: PartitionKey;
  #boot = "";
  #seq = 0;
  #left: NotebookView | null = null;
  #leave = (): void => {};
  #wake = (): void => {};

  constructor(partition: PartitionKey = WHOLE) {
    this.#partition = partition;
  }

  get isHere(): boolean {
    return this.notebook !== null;
  }

  async come(): Promise<void> {
    const audience = new Audience((event) => this.#take(event));
    this.#leave = api.subscribe((event) => void audience.receive(event));
    audience.hold();
    // One that was here before comes back with its cursor.
    const cursor = { boot: this.#boot, seq: this.#seq };
    const missed = this.#boot === "" ? null : api.resume(cursor, NAME, this.#partition);
    if (missed !== null) {
      this.resumed++;
      this.notebook = this.#left;
      this.seqs.splice(0, Infinity);
      for (const event of missed.events) this.#take(event);
      this.#seq = missed.seq;
      audience.release({ partition: this.#partition, seq: missed.seq });
      return;
    }
    const snapshot = await api.snapshot(NAME, this.#partition);
    this.#boot = snapshot.boot;
    this.seqs.splice(0, Infinity, snapshot.seq);
    this.#seq = snapshot.seq;
    this.notebook = snapshot.notebook;
    this.assets.clear();
    for (const asset of snapshot.assets) this.assets.set(asset.key, asset);
    audience.release(snapshot);
  }

  /** As a page does that is told to. */
  async openAnew(): Promise<void> {
    this.leave();
    this.#boot = "";
    this.isOutdated = false;
    await this.come();
  }

  leave(): void {
    this.#leave();
    this.#left = this.notebook;
    this.notebook = null;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(event: WorkspaceEvent): void {
    this.seqs.push(event.seq);
    this.#seq = event.seq;
    if (event.type === "notebook") this.notebook = event.notebook;
    if (event.type === "asset") this.assets.set(event.asset.key, event.asset);
    if (event.type === "definitions") this.isOutdated = true;
    this.#wake();
  }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant("edit"), page: fc.nat(2), wish }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("undo", "redo"), page: fc.nat(2) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom("come", "leave"), page: fc.nat(2) }) },
);

test("pages that come, go and edit at once all end with the document of the server, in the order it happened", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: "max" }), async (steps) => {
      const pages = [new Page(), new Page(), new Page()];
      const asked: Promise<unknown>[] = [];
      const session = await workspace.sessions.session(NAME);
      for (const one of steps) {
        const page = pages[one.page];
        if (page === undefined) continue;
        if (one.type === "come" && !page.isHere) await page.come();
        else if (one.type === "leave" && page.isHere) page.leave();
        else if ("wish" in one && page.notebook !== null) {
          const op = opOf(
            one.wish,
            page.notebook.cells.map(({ id }) => id),
          );
          asked.push(
            api
              .edit(NAME, [op])
              .catch((error: unknown) => expect(errorInfo(error).code).not.toBe("internal")),
          );
        } else if (one.type === "undo") asked.push(api.undo(NAME));
        else if (one.type === "redo") asked.push(api.redo(NAME));
      }
      await Promise.all(asked);
      for (const page of pages.filter(({ isHere }) => isHere)) {
        const { revision } = session.standing;
        await page.until(() => page.notebook?.revision === revision);
        const cells = page.notebook?.cells.map(({ id, source }) => [id, source]);
        expect(cells).toEqual(
          session.notebook.blocks.map((block) => [
            block.id,
            block.type === "cell" ? block.source : block.raw,
          ]),
        );
        expect(page.seqs).toEqual([...new Set(page.seqs)].toSorted((a, b) => a - b));
        page.leave();
      }
      await session.save();
      expect(readFileSync(join(root, "notebooks", NAME), "utf8")).toBe(session.text);
    }),
    { numRuns: 40 },
  );
});

test("an edit of a cell makes what is below it stale on every page, with the cause, and undo makes it fresh", async () => {
  const session = await reset();
  const [here, there] = [new Page(), new Page()];
  await Promise.all([here.come(), there.come()]);
  const run = await workspace.startRun("+twice", WHOLE);
  await run.ended;
  await here.until(() => here.assets.get("twice")?.status.state === "fresh");

  await api.edit(NAME, [{ op: "set-source", block: "numbers", source: "select 2 as n" }]);
  for (const page of [here, there]) {
    await page.until(() => page.assets.get("twice")?.status.state === "stale");
    expect(page.assets.get("numbers")?.status).toMatchObject({ state: "stale", causes: [{ kind: "code" }] });
    expect(page.notebook?.cells.find(({ id }) => id === "numbers")?.source).toBe("select 2 as n");
  }
  await api.undo(NAME);
  await there.until(() => there.assets.get("twice")?.status.state === "fresh");
  expect(session.text).toBe(TEXT);
  here.leave();
  there.leave();
});

test("a page that was away is told what it missed, with nobody else there to hear it", async () => {
  await reset();
  const page = new Page();
  await page.come();
  page.leave();
  await api.edit(NAME, [{ op: "set-source", block: "numbers", source: "select 4 as n" }]);
  const run = await workspace.startRun("+twice", WHOLE);
  await run.ended;
  await page.come();
  expect(page.resumed).toBe(1);
  await page.until(() => page.assets.get("twice")?.status.state === "fresh");
  expect(page.notebook?.cells.find(({ id }) => id === "numbers")?.source).toBe("select 4 as n");
  page.leave();
});

test("a rename reaches the cells below, and the page's old name for it still works", async () => {
  const session = await reset();
  const page = new Page();
  await page.come();
  await api.edit(NAME, [{ op: "rename", block: "numbers", name: "counts" }]);
  await api.edit(NAME, [{ op: "set-source", block: "numbers", source: "select 3 as n" }]);
  await page.until(() => page.assets.has("counts"));
  expect(session.text).toBe(TEXT.replaceAll("numbers", "counts").replace("select 1 as n", "select 3 as n"));
  page.leave();
});

test("an asset whose cell was deleted and came back as it was is there again, on a page that was opened without it", async () => {
  await reset();
  const page = new Page();
  await page.come();
  const run = await workspace.startRun("+twice", WHOLE);
  await run.ended;
  await page.until(() => page.assets.get("twice")?.status.state === "fresh");
  await api.edit(NAME, [{ op: "delete", block: "twice" }]);
  await page.until(() => page.isOutdated);
  await page.openAnew();
  expect(page.assets.has("twice")).toBe(false);
  await api.undo(NAME);
  await page.until(() => page.assets.get("twice")?.status.state === "fresh");
  page.leave();
});

test("an asset that was one for each sample, and is one for all as before, is so on a page", async () => {
  const session = await reset();
  const anna = partitionKey("anna", "child");
  workspace.setPartition(anna, {});
  write(session, `${TEXT}\n\`\`\`yaml genome source=genome\n\`\`\`\n`);
  const page = new Page(anna);
  await page.come();
  const partition = (): string | undefined => page.assets.get("twice")?.partition;
  expect(partition()).toBe(WHOLE);
  await api.edit(NAME, [{ op: "set-source", block: "twice", source: "select 1 as m from genome" }]);
  await page.until(() => partition() === anna);
  await api.undo(NAME);
  await page.until(() => partition() === WHOLE);
  page.leave();
});

test("what one page was opened with and was gone before any was told of it, that page is told of", async () => {
  const session = await reset();
  const [before, amid] = [new Page(), new Page()];
  write(session, SQL);
  await before.come();
  const kernel = await stoppedKernel();
  const go = (): unknown => process.kill(kernel.pid ?? 0, "SIGCONT");
  // Should it be told after all: its answer is waited for then.
  const late = setTimeout(go, 5_000);
  try {
    write(session, `${SQL}\n\`\`\`sql passing asset\nselect 1 as n\n\`\`\`\n`);
    const coming = amid.come();
    await until(() => kernel.isBusy);
    write(session, SQL.slice(0, SQL.indexOf("```sql twice")));
    await before.until(() => before.isOutdated);
    go();
    await coming;
  } finally {
    clearTimeout(late);
    go();
  }
  await amid.until(() => amid.isOutdated);
  await amid.openAnew();
  expect([...amid.assets.keys()]).toEqual(["numbers"]);
  before.leave();
  amid.leave();
});

test("pages open anew when the kernel dies of memory while it looks at a text, and have then what it says", async () => {
  const session = await reset();
  const page = new Page();
  write(session, SQL);
  await page.come();
  const kernel = await stoppedKernel();
  write(session, `${SQL}\n\`\`\`sql counts asset\nselect 5 as n\n\`\`\`\n`);
  await until(() => kernel.isBusy);
  kernel.kill(outOfMemory(2, 1));
  await page.until(() => page.isOutdated);
  await page.openAnew();
  expect(page.assets.has("counts")).toBe(true);
  page.leave();
});

test("a page that is opened shows what the file holds, also when nobody told of its change", async () => {
  await reset();
  writeFileSync(join(root, "notebooks", NAME), TEXT.replace("# T", "# Told by nobody"));
  const page = new Page();
  await page.come();
  expect(page.notebook?.title).toBe("Told by nobody");
  page.leave();
});
