// @vitest-environment jsdom
import { act, createElement } from "react";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import type { CellView, Snapshot, StepView } from "#protocol/view.ts";

import { App } from "../../ui/app.tsx";
import { StoreContext } from "../../ui/shell/use-store.tsx";
import { PageStore } from "../../ui/state/page-store.ts";
import { doing, inJsdom } from "./in-jsdom.ts";
import { asset, key, record, run, snapshot, step } from "./views.ts";

const drawn = inJsdom();

function cell(name: string, changes: Partial<CellView> = {}): CellView {
  return {
    id: name,
    name,
    language: "sql",
    kind: "sql",
    source: "select 1",
    attributes: {},
    inputs: [],
    asset: key(name),
    error: null,
    disabledBy: null,
    ...changes,
  };
}

interface ShownPage {
  readonly say: (message: object) => Promise<void>;
  readonly sent: () => { type: string; id: number }[];
  /** Something happens to the socket that the page has now. */
  readonly happens: (type: "open" | "close") => Promise<void>;
}

/** A page whose server is the test: `say` is what comes over the socket. */
async function shown(first: Snapshot): Promise<ShownPage> {
  let socket = new EventTarget();
  const sent: { type: string; id: number }[] = [];
  const store = new PageStore(
    {
      connect: () => {
        socket = Object.assign(new EventTarget(), {
          readyState: 1,
          close: () => {},
          send: (text: string) => sent.push(JSON.parse(text)),
        });
        return socket as WebSocket;
      },
      knock: () => Promise.resolve("away"),
      now: () => 0,
      random: () => 0,
      later: () => () => {},
    },
    { notebook: null, partition: null, at: null },
  );
  const say = (message: object): Promise<void> =>
    doing(() => socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) })));
  await doing(() => {
    drawn.root.render(createElement(StoreContext, { value: store }, createElement(App)));
    store.connect();
    socket.dispatchEvent(new Event("open"));
  });
  const id = sent.find((message) => message.type === "open")?.id;
  await say({ type: "reply", id, result: { snapshot: first } });
  const happens = (type: "open" | "close"): Promise<void> =>
    doing(() => socket.dispatchEvent(new Event(type)));
  return { say, sent: () => sent, happens };
}

function stateOf(name: string): string | undefined {
  return document.getElementById(`cell-${name}`)?.dataset["state"];
}

describe("the page", () => {
  const notebook = { ...snapshot().notebook, cells: [cell("a"), cell("b"), cell("broken", { asset: null })] };
  const b = asset("b", {
    upstream: [key("a")],
    record: null,
    status: { state: "stale", causes: [{ kind: "input", asset: key("a"), change: "changed" }] },
  });
  const first = snapshot({ notebook, assets: [asset("a"), b] });

  test("each cell carries its state and says why it is stale", async () => {
    await shown(first);
    expect(stateOf("a")).toBe("fresh");
    expect(stateOf("b")).toBe("stale-input");
    expect(document.querySelector("#cell-b .notice")?.textContent).toContain("a changed");
  });

  test("why the folder of a module failed is read in the cell that reads it", async () => {
    const detail = "variants.csv:5 [weight] not a number: abc";
    const error = { code: "module", message: "broken annotation module: coronary", detail } as const;
    const folder = asset("modules/coronary", {
      kind: "module",
      notebook: null,
      status: { state: "failed", error, run: 1 },
    });
    const reads = asset("a", { upstream: [folder.key] });
    await shown(snapshot({ notebook, assets: [folder, reads, asset("b")] }));
    const card = document.querySelector("#cell-a .error-card");
    expect(card?.textContent).toContain("modules/coronary failed: broken annotation module: coronary");
    // Each line that is to be mended, without a press.
    expect(card?.querySelector("details[open]")?.textContent).toContain(detail);
    expect(document.querySelector("#cell-b .error-card")).toBeNull();
  });

  test("a run is asked for, followed and announced", async () => {
    const { say, sent } = await shown(first);
    await doing(() => document.querySelector<HTMLElement>("[aria-label='Run b']")?.click());
    expect(sent()).toContainEqual(
      expect.objectContaining({ type: "run", select: "+b", partition: "demo/genome" }),
    );

    const progress = { phase: "reading", fraction: 0.5 };
    const running = run(1, "running", [step("b", { state: "running", progress })]);
    await say({ type: "event", event: { seq: 11, type: "run", run: running } });
    expect(stateOf("b")).toBe("running");
    expect(document.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow")).toBe("50");
    expect(document.querySelector("[aria-label='Stop b']")).not.toBeNull();
    // From wherever one is in the notebook.
    await doing(() => document.querySelector<HTMLElement>("header [aria-label='Stop what runs']")?.click());
    expect(sent()).toContainEqual(expect.objectContaining({ type: "cancel", run: 1 }));

    const done = { ...b, status: { state: "fresh" } };
    await say({ type: "event", event: { seq: 12, type: "asset", asset: done } });
    await say({
      type: "event",
      event: { seq: 13, type: "run", run: { ...running, state: "done", steps: [] } },
    });
    expect(stateOf("b")).toBe("fresh");
    const told = [...document.querySelectorAll(".announcer[role=status] > p")].map((one) => one.textContent);
    expect(told).toEqual(["run 1 began: 1 step", "run 1 finished"]);
  });

  test("a run that has nothing to do says so", async () => {
    const { say, sent } = await shown(first);
    /** Asks for a run; the server's answer, and what it then tells of it, may come in either order. */
    const ask = async (id: number, told: "before" | "after", steps: StepView[]): Promise<string> => {
      await doing(() => document.querySelector<HTMLElement>("[aria-label='Run b']")?.click());
      const reply = {
        type: "reply",
        id: sent().findLast(({ type }) => type === "run")?.id,
        result: { run: id },
      };
      const event = { type: "event", event: { seq: 10 + id, type: "run", run: run(id, "done", steps) } };
      for (const message of told === "before" ? [event, reply] : [reply, event]) await say(message);
      return document.querySelector(".toast")?.textContent ?? "";
    };
    expect(await ask(1, "before", [step("b", { state: "done" })])).not.toContain("Nothing to run");
    expect(await ask(2, "after", [step("b", { state: "done" })])).not.toContain("Nothing to run");
    expect(await ask(3, "after", [])).toContain("Nothing to run");
    await doing(() => document.querySelector<HTMLElement>(".toast button")?.click());
    expect(await ask(4, "before", [])).toContain("Nothing to run");
  });

  test("the mark of the tab says what runs and what failed; a long run is shown before its key starts it", async () => {
    const icon = Object.assign(document.createElement("link"), { rel: "icon", href: "/rest.svg" });
    document.head.append(icon);
    onTestFinished(() => icon.remove());
    // What jsdom lacks.
    HTMLDialogElement.prototype.showModal = vi.fn();
    const slow = asset("a", { record: record("a", { seconds: 40 }), status: { state: "stale", causes: [] } });
    const kept = { ...notebook, cells: [cell("a"), cell("b")] };
    const { say, sent } = await shown({ ...first, notebook: kept, assets: [slow, b] });
    expect(icon.getAttribute("href")).toMatch(/rest\.svg$/);
    await doing(() => document.getElementById("cell-b")?.focus());
    const enter = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    await doing(() => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", enter)));
    expect(document.querySelector("dialog")?.textContent).toContain("Run 2 assets");
    // A dialog gives the focus to the first: Enter runs what was asked for.
    expect(document.querySelector("dialog button")?.textContent).toBe("Run");
    expect(sent().map(({ type }) => type)).not.toContain("run");

    const running = run(1, "running", [step("b", { state: "running" })]);
    await say({ type: "event", event: { seq: 11, type: "run", run: running } });
    expect(icon.getAttribute("href")).toMatch(/^data:image\/svg/);
    await say({
      type: "event",
      event: { seq: 12, type: "run", run: { ...running, state: "done", steps: [] } },
    });
    expect(icon.getAttribute("href")).toMatch(/rest\.svg$/);
  });

  test("a new cell is run as soon as it is told what it is, and not when it is a view or gone", async () => {
    const fresh = (id: string): CellView =>
      cell(id, { asset: null, kind: "view", inputs: null, pending: true });
    const cells = [fresh("a"), fresh("b"), fresh("view")];
    const { say, sent } = await shown({ ...first, notebook: { ...notebook, cells }, assets: [] });
    const runs = (): unknown[] => sent().filter(({ type }) => type === "run");
    for (const name of ["a", "b", "view"]) {
      await doing(() => document.getElementById(`cell-${name}`)?.focus());
      const enter = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
      await doing(() => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", enter)));
    }
    expect(runs()).toEqual([]);
    const known = { ...notebook, revision: 2, cells: [cell("a"), cell("view", { asset: null })] };
    await say({ type: "event", event: { seq: 11, type: "notebook", notebook: known } });
    // What there is of it comes after what it is.
    expect(runs()).toEqual([]);
    const missing = { status: { state: "missing" }, record: null } as const;
    await say({ type: "event", event: { seq: 12, type: "asset", asset: asset("a", missing) } });
    expect(runs()).toEqual([expect.objectContaining({ select: "+a" })]);
    await say({ type: "event", event: { seq: 13, type: "asset", asset: asset("b", missing) } });
    expect(runs()).toHaveLength(1);
  });

  test("a notebook that cannot be read is in the list of notebooks, with the reason", async () => {
    const error = {
      code: "notebook",
      message: "a link to a file outside the workspace",
      hint: "Put it there.",
    } as const;
    await shown({ ...first, unread: [{ path: "away.md", error }] });
    await doing(() => (location.hash = "#/notebooks"));
    onTestFinished(() => void (location.hash = ""));
    await vi.waitFor(() => expect(document.querySelector(".work-page .error-card")).not.toBeNull());
    expect(document.querySelector(".work-page .error-card")?.textContent).toMatch(
      /away\.md: a link .*Put it there\./,
    );
  });

  test("a table that has just been made is being read, not empty", async () => {
    const { say } = await shown(snapshot({ notebook, assets: [asset("b", { record: null })] }));
    // That there is none is computed, too.
    await act(() => new Promise((resolve) => setTimeout(resolve)));
    // Nobody answers what is asked for its rows.
    await say({ type: "event", event: { seq: 11, type: "asset", asset: asset("b") } });
    expect(document.querySelector("#cell-b .output-note")?.textContent).toBe("Reading…");
  });

  test("Escape takes back what was typed in a row of a module, and leads to the cell", async () => {
    const source = "variants:\n  - {rsid: rs1, gene: LPA}\n";
    const panel = cell("panel", { language: "yaml", kind: "module", attributes: { module: "" }, source });
    const { sent } = await shown(snapshot({ notebook: { ...notebook, cells: [panel] } }));
    const tab = [...document.querySelectorAll<HTMLElement>("[role=tab]")].find(
      ({ textContent }) => textContent === "Variants",
    );
    await doing(() => tab?.click());
    const gene = document.querySelector<HTMLInputElement>("input.module-gene");
    await doing(() => gene?.focus());
    if (gene !== null) gene.value = "APOE";
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    await doing(() => gene?.dispatchEvent(escape));
    expect(gene?.value).toBe("LPA");
    expect(document.activeElement?.id).toBe("cell-panel");
    expect(sent().map(({ type }) => type)).not.toContain("edit");
  });

  test("words with a value that cannot be had stay, as they are written, and say why", async () => {
    const words = cell("words", { kind: "markdown", language: "md", asset: null, source: "All ${nothing}." });
    await shown(snapshot({ notebook: { ...notebook, cells: [words] } }));
    const article = document.querySelector("#cell-words");
    await vi.waitFor(() =>
      expect(article?.querySelector(".prose")?.textContent).toContain("All ${nothing}."),
    );
    expect(article?.querySelector(".error-card")?.textContent).toContain("nothing");
  });

  test("live SQL that the server cannot take apart says why, once", async () => {
    const error = {
      code: "notebook",
      message: "no end of ${",
      span: { line: 1, column: 8, length: 2 },
    } as const;
    const live = cell("live", { asset: null, inputs: [], source: "select ${1", error });
    await shown(snapshot({ notebook: { ...notebook, cells: [live] } }));
    await vi.waitFor(() => expect(document.querySelector("#cell-live [data-mark=failed]")).not.toBeNull());
    const cards = [...document.querySelectorAll("#cell-live .error-card")];
    expect(cards.map(({ textContent }) => textContent)).toEqual([expect.stringContaining("no end of ${")]);
  });

  test("a cell that failed at values shows the rows, as text", async () => {
    const rows = {
      columns: ["a", "n"],
      rows: [
        ["<b>x</b>", "3"],
        [null, "4"],
      ],
    };
    const error = { code: "engine", message: "a value of a", detail: "no", rows } as const;
    const failed = asset("b", { record: null, status: { state: "failed", error, run: 1 } });
    await shown({ ...first, assets: [asset("a"), failed] });
    const table = document.querySelector("#cell-b .error-rows table");
    const texts = (selector: string): (string | null)[] =>
      [...(table?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent);
    expect(texts("th, td")).toEqual(["a", "n", "<b>x</b>", "3", "null", "4"]);
  });

  test("a failure of a text that was edited is told as that, and the cell has not failed", async () => {
    const error = { code: "engine", message: "no column n" } as const;
    const edited = { ...b, failedBefore: error };
    const { say } = await shown({ ...first, assets: [asset("a"), edited] });
    expect(stateOf("b")).toBe("stale-input");
    const card = (): Element | null => document.querySelector("#cell-b .error-card");
    expect(card()?.textContent).toContain("failed before the edit: no column n");
    // The next try says what it says.
    const running = run(1, "running", [step("b", { state: "running" })]);
    await say({ type: "event", event: { seq: 11, type: "run", run: running } });
    expect(card()).toBeNull();
  });

  test("a page that lost the server says so, keeps what it showed, and asks for what it missed", async () => {
    const { say, sent, happens } = await shown(first);
    await say({
      type: "event",
      event: { seq: 11, type: "run", run: run(1, "running", [step("b", { state: "running" })]) },
    });
    await happens("close");
    expect(document.querySelector("footer")?.textContent).toContain("— the run goes on if the server does");
    expect(stateOf("b")).toBe("offline");
    expect(document.querySelector("header .run-page")?.textContent).toBe("Not connected");
    await doing(() => document.querySelector<HTMLElement>("footer button")?.click());
    await happens("open");
    const asked = sent().findLast((message) => message.type === "open");
    expect(asked).toMatchObject({
      notebook: "a.md",
      partition: "demo/genome",
      cursor: { boot: "first", seq: 11 },
    });
    const made = { ...b, status: { state: "fresh" } };
    const events = [
      { seq: 14, type: "asset", asset: made },
      { seq: 15, type: "run", run: run(1, "done", []) },
    ];
    await say({ type: "reply", id: asked?.id, result: { events, seq: 20 } });
    expect(document.querySelector("footer")?.textContent).toContain("connected");
    expect(stateOf("b")).toBe("fresh");
    await happens("close");
    await doing(() => document.querySelector<HTMLElement>("footer button")?.click());
    await happens("open");
    expect(sent().findLast((message) => message.type === "open")).toMatchObject({ cursor: { seq: 20 } });
  });

  test("what is off or not trusted says so where its result would be, and has no Run", async () => {
    const off = asset("a", { record: null, status: { state: "disabled", by: key("a") } });
    const foreign = asset("b", { record: null, status: { state: "untrusted" } });
    await shown({ ...first, assets: [off, foreign] });
    const note = (id: string): string | null | undefined =>
      document.querySelector(`#cell-${id} .output-note`)?.textContent;
    expect(note("a")).toBe("Disabled: nothing is made here.");
    expect(note("b")).toBe("Not run: this notebook is not trusted.");
    for (const name of ["a", "b"]) {
      expect(document.querySelector<HTMLButtonElement>(`[aria-label='Run ${name}']`)?.disabled).toBe(true);
    }
  });

  test("what waits for trust says so, and not what making it would run", async () => {
    const waits = { code: "notebook", message: "not run: x.md was written elsewhere", cell: "x" } as const;
    const missing = asset("b", { record: null, status: { state: "missing" } });
    const text = (): string => document.getElementById("cell-b")?.textContent ?? "";
    await shown({ ...first, assets: [asset("a"), missing] });
    expect(text()).toContain("Making it runs 1 asset");
    await shown({ ...first, assets: [asset("a"), { ...missing, waits }] });
    expect(text()).toContain("It waits for x: not run: x.md was written elsewhere");
    expect(text()).not.toContain("Making it");
  });

  test("what the server refuses is shown at the cell where it was asked", async () => {
    const { say, sent } = await shown(first);
    await doing(() => document.querySelector<HTMLElement>("[aria-label='Run b']")?.click());
    const id = sent().find((message) => message.type === "run")?.id;
    await say({ type: "reply", id, error: { code: "busy", message: "another process holds it" } });
    expect(document.querySelector("#cell-b .error-card")?.textContent).toContain("another process holds it");
    expect(document.querySelector("#cell-a .error-card")).toBeNull();
    const told = [...document.querySelectorAll(".announcer[role=status] > p")].map((one) => one.textContent);
    expect(told).toEqual(["not done: another process holds it"]);
  });
});

test("a run that begins folds none that is being read", async () => {
  history.replaceState(null, "", "#/runs");
  onTestFinished(() => history.replaceState(null, "", "/"));
  const { say } = await shown(snapshot({ runs: [run(2, "done", []), run(1, "done", [])] }));
  const rows = (): boolean[] =>
    [...document.querySelectorAll<HTMLDetailsElement>(".run-row")].map(({ open }) => open);
  expect(rows()).toEqual([true, false]);
  await say({ type: "event", event: { seq: 11, type: "run", run: run(3, "running", []) } });
  expect(rows()).toEqual([true, true, false]);
});

test("a run that was asked to stop elsewhere is stopping on the page of runs, too", async () => {
  history.replaceState(null, "", "#/runs");
  onTestFinished(() => history.replaceState(null, "", "/"));
  const asked = {
    ...run(1, "running", [step("a", { state: "running" })]),
    stoppingSince: "2026-01-01T00:00:01Z",
  };
  await shown(snapshot({ runs: [asked] }));
  const stop = document.querySelector<HTMLButtonElement>(".run-selection button");
  expect([stop?.textContent, stop?.disabled]).toEqual(["Stopping", true]);
});

test("a workspace without a sample leads to where one is added", async () => {
  onTestFinished(() => history.replaceState(null, "", "/"));
  await shown(snapshot({ partitions: [] }));
  const link = [...document.querySelectorAll("a")].find(({ textContent }) => textContent === "Add a sample");
  await act(async () => {
    link?.click();
    await new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  });
  expect(document.querySelector("main h1, main h2")?.textContent).toBe("Samples");
});
