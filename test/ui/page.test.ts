// @vitest-environment jsdom
import { Field, Int32, List, Table, Utf8, tableToIPC, vectorFromArray } from "apache-arrow";
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import type { Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";

import type { CellView, Snapshot } from "#protocol/view.ts";

import { App } from "../../ui/app.tsx";
import { proseHtml } from "../../ui/cells/prose-html.ts";
import type { Page } from "../../ui/table/table-pages.ts";
import { TablePages } from "../../ui/table/table-pages.ts";
import { heldTable } from "../../ui/table/held-table.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { StoreContext } from "../../ui/shell/use-store.tsx";
import { PageStore } from "../../ui/state/page-store.ts";
import { TableView } from "../../ui/table/table-view.tsx";
import { asset, key, record, run, snapshot, step } from "./views.ts";

/** What jsdom lacks: it lays nothing out. Rows are seen as if the grid were this high. */
const GRID_HEIGHT_PX = 60 + 280;

let root: Root;
let place: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #told: (entries: readonly object[]) => void;
      constructor(told: (entries: readonly object[]) => void) {
        this.#told = told;
      }
      observe(): void {
        this.#told([{ contentRect: { height: GRID_HEIGHT_PX, width: 2000 } }]);
      }
      disconnect(): void {}
    },
  );
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(2000);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});

afterEach(async () => {
  await doing(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Does something, and all that React and what waits make of it. */
function doing(what: () => void): Promise<void> {
  return act(async () => {
    what();
    await Promise.resolve();
  });
}

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
    root.render(createElement(StoreContext, { value: store }, createElement(App)));
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

  test("the mark of the tab says what runs and what failed; a long run is shown before its key starts it", async () => {
    const icon = Object.assign(document.createElement("link"), { rel: "icon", href: "/rest.svg" });
    document.head.append(icon);
    onTestFinished(() => icon.remove());
    // What jsdom lacks.
    HTMLDialogElement.prototype.showModal = vi.fn();
    const slow = asset("a", { record: record("a", { seconds: 40 }), status: { state: "stale", causes: [] } });
    const { say, sent } = await shown({ ...first, assets: [slow, b] });
    expect(icon.getAttribute("href")).toMatch(/rest\.svg$/);
    await doing(() => document.getElementById("cell-b")?.focus());
    const enter = { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    await doing(() => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", enter)));
    expect(document.querySelector("dialog")?.textContent).toContain("Run 2 assets");
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

  test("a page that lost the server says so, keeps what it showed, and asks for what it missed", async () => {
    const { say, sent, happens } = await shown(first);
    await say({
      type: "event",
      event: { seq: 11, type: "run", run: run(1, "running", [step("b", { state: "running" })]) },
    });
    await happens("close");
    expect(document.querySelector("footer")?.textContent).toContain("— the run goes on if the server does");
    expect(stateOf("b")).toBe("offline");
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

  test("what is off or comes from elsewhere says so where its result would be, and has no Run", async () => {
    const off = asset("a", { record: null, status: { state: "disabled", by: key("a") } });
    const foreign = asset("b", { record: null, status: { state: "untrusted" } });
    await shown({ ...first, assets: [off, foreign] });
    const note = (id: string): string | null | undefined =>
      document.querySelector(`#cell-${id} .output-note`)?.textContent;
    expect(note("a")).toBe("Disabled: nothing is made here.");
    expect(note("b")).toBe("Not run: opened from elsewhere.");
    for (const name of ["a", "b"]) {
      expect(document.querySelector<HTMLButtonElement>(`[aria-label='Run ${name}']`)?.disabled).toBe(true);
    }
  });

  test("what the server refuses is shown at the cell where it was asked", async () => {
    const { say, sent } = await shown(first);
    await doing(() => document.querySelector<HTMLElement>("[aria-label='Run b']")?.click());
    const id = sent().find((message) => message.type === "run")?.id;
    await say({ type: "reply", id, error: { code: "busy", message: "another process holds it" } });
    expect(document.querySelector("#cell-b .error-card")?.textContent).toContain("another process holds it");
    expect(document.querySelector("#cell-a .error-card")).toBeNull();
  });
});

async function pageOf(genes: readonly string[]): Promise<Page> {
  const table = new Table({
    gene: vectorFromArray([...genes], new Utf8()),
    start: vectorFromArray(
      genes.map((_, index) => 1000 * index),
      new Int32(),
    ),
    genotype: vectorFromArray(
      genes.map((_, index) => (index === 1 ? null : ["A", "G"])),
      new List(new Field("item", new Utf8(), true)),
    ),
  });
  return readPage(
    (async function* () {
      yield await Promise.resolve(tableToIPC(table, "stream"));
    })(),
  );
}

async function draw(pages: TablePages): Promise<void> {
  await doing(() => root.render(createElement(TableView, { table: pages, label: "rows", downloads: null })));
}

describe("a table", () => {
  test("values are text, never markup; a missing one is a dash", async () => {
    const rows = await pageOf(["<img src=x onerror=alert(1)>", "LPA"]);
    await draw(new TablePages(rows, { rows: 2, columns: [] }, () => Promise.resolve(rows)));
    const cells = [...place.querySelectorAll("[role=gridcell]")].map((one) => one.textContent);
    expect(cells).toEqual(["<img src=x onerror=alert(1)>", "0", "A/G", "LPA", "1,000", "–"]);
    expect(place.querySelector("img")).toBeNull();
  });

  test("of a hundred million rows only those in view are elements, and all are counted", async () => {
    const rows = await pageOf(Array.from({ length: 1000 }, (_, index) => `gene ${index}`));
    await draw(new TablePages(rows, { rows: 100_000_000, columns: [] }, () => Promise.resolve(rows)));
    const grid = place.querySelector("[role=grid]");
    expect(grid?.getAttribute("aria-rowcount")).toBe("100000001");
    expect(place.querySelectorAll("[role=row]")).toHaveLength(11);
    expect(place.textContent).toContain("rows 1–10 of 100,000,000, exact");
  });

  test("the keyboard reaches the last row, and asks only for the page it is on", async () => {
    const rows = await pageOf(Array.from({ length: 1000 }, () => "LPA"));
    const asked: number[] = [];
    const pages = new TablePages(rows, { rows: 5_000_000, columns: [] }, (offset) => {
      asked.push(offset);
      return Promise.resolve(rows);
    });
    await draw(pages);
    const grid = place.querySelector("[role=grid]");
    const end = new KeyboardEvent("keydown", { key: "End", ctrlKey: true, bubbles: true, cancelable: true });
    await doing(() => grid?.dispatchEvent(end));
    expect(place.textContent).toContain("rows 4,999,991–5,000,000 of 5,000,000, exact");
    await act(() => vi.waitFor(() => expect(asked).toEqual([4_999_000])));
  });
});

test("an order that could not be had, as the server was away, can be asked for again", async () => {
  const rows = await pageOf(["LPA", "APOE"]);
  let away = true;
  const views = {
    open: () =>
      away
        ? Promise.reject(new Error("away"))
        : Promise.resolve({ first: rows, rows: 1, fetch: () => Promise.resolve(rows) }),
    column: () => Promise.reject(new Error("away")),
    exportUrl: null,
  };
  await draw(new TablePages(rows, { rows: 2, columns: [] }, () => Promise.resolve(rows), views));
  const press = (selector: string): Promise<void> =>
    doing(() => place.querySelector<HTMLElement>(selector)?.click());
  await press(".column-name");
  expect(place.querySelector(".error-card")?.textContent).toContain("not as you asked");
  away = false;
  await press(".error-card > button");
  expect(place.querySelector(".error-card")).toBeNull();
  expect(place.textContent).toContain("1 of 2, exact");
  expect(place.querySelector(".announcer[role=status]")?.textContent).toBe("1 of 2 rows");
});

test("the keys of a table that a filter has left empty still search it and clear the filter", async () => {
  const rows = await pageOf([]);
  await draw(heldTable({ ...rows, batches: [] }));
  const grid = place.querySelector("[role=grid]");
  const press = (key: string): Promise<void> =>
    doing(() => grid?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
  await press(" ");
  expect(place.querySelector(".row-detail")).toBeNull();
  await press("/");
  expect(document.activeElement?.getAttribute("type")).toBe("search");
  await press("s");
  expect(place.querySelector(".chip")?.textContent).toContain("gene ↑");
  await doing(() => place.querySelector<HTMLElement>(".chip button")?.click());
  expect(document.activeElement).toBe(grid);
});

describe("prose", () => {
  test.each([
    ["<script>alert(1)</script>", "<script"],
    ["[x](javascript:alert(1))", "href"],
    ["![x](https://example.org/x.png)", "<img"],
    ["<b onclick=alert(1)>x</b>", "<b"],
  ])("%s makes no %s", (source, never) => expect(proseHtml(source)).not.toContain(never));

  test("a link out of the page tells the other side nothing", () => {
    expect(proseHtml("[x](https://example.org)")).toContain('target="_blank" rel="noopener noreferrer"');
    expect(proseHtml("[x](#below)")).not.toContain("_blank");
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
