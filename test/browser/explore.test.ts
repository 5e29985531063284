/** Exploring a genome in a real browser, over a real server in a process of its own. */
import { cp, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import type { ClientMessage, QueryValue } from "#protocol/messages.ts";

import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyon, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const PERSON = "test/sample";
const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
/** At 100 its query would take hours. */
const SLOW_NOTEBOOK = `# Slow

\`\`\`input n
Inputs.range([1, 100], {step: 1, value: 5})
\`\`\`

\`\`\`sql hits
select count(*)::integer as counted from range(case when \${n} = 100 then 1000000000000 else \${n} end) a(i)
\`\`\`

Counted \${hits.get(0).counted}.
`;
/** Small enough for seconds, large enough that every plot has something to draw. */
const RECORDS = "4000";

/** The address of a server over a workspace with one small synthetic genome, annotated. */
async function served(): Promise<string> {
  const workspace = await temporaryFolder("explore");
  await cp(SHIPPED, `${workspace}/notebooks`, { recursive: true });
  await writeFile(`${workspace}/notebooks/slow.md`, SLOW_NOTEBOOK);
  const vcf = `${workspace}/sample.vcf`;
  for (const words of [
    ["synth", "--records", RECORDS, "--seed", "3", "--out", vcf],
    ["notebook", "trust", "slow.md"],
    ["partitions", "add", PERSON, "--vcf", vcf],
    ["asset", "materialize", "--select", "+user_hf_module_annotations", "--partition", PERSON],
  ]) {
    const { code, stderr } = await karyon(workspace, ...words);
    if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
  }
  return addressOf(startServer(workspace));
}

interface Explored {
  readonly page: Page;
  /** What the page sent, in order. */
  readonly sent: ClientMessage[];
  readonly problems: string[];
}

async function explore(url: string, notebook: string): Promise<Explored> {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  const sent: ClientMessage[] = [];
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      sent.push(JSON.parse(payload as string) as ClientMessage);
    });
  });
  await page.goto(url);
  await page.goto(new URL(`/?notebook=${notebook}`, url).href);
  return { page, sent, problems };
}

type Query = Extract<ClientMessage, { type: "query" }>;

function queriesOf(sent: readonly ClientMessage[], cell: string): Query[] {
  return sent.filter((message): message is Query => message.type === "query" && message.cell === cell);
}

function lastValues(sent: readonly ClientMessage[], cell: string): readonly QueryValue[] | undefined {
  return queriesOf(sent, cell).at(-1)?.values[cell];
}

/** Rows that the table of live SQL says it has; null while a newer answer is on its way. */
function rowsOf(page: Page, cell: string): Promise<number | null> {
  return page.evaluate((id) => {
    const output = document.querySelector(`#cell-${id} [data-live="table"]`);
    const rows = output?.querySelector("[role=grid]")?.getAttribute("aria-rowcount");
    return rows === null || rows === undefined ? null : Number(rows) - 1;
  }, cell);
}

/** The number in the caption of the karyogram, which reads the same rows. */
function hitsDrawn(page: Page): Promise<number | null> {
  return page.evaluate(() => {
    const captions = [...document.querySelectorAll("figcaption")].map((one) => one.textContent ?? "");
    const caption = captions.find((text) => text.includes("chromosomes, at their positions"));
    return caption === undefined ? null : Number.parseInt(caption, 10);
  });
}

async function setSlider(page: Page, cell: string, ...values: readonly number[]): Promise<void> {
  await page.evaluate(
    ([id, all]) => {
      const slider = document.querySelector<HTMLInputElement>(`#cell-${id} input[type=range]`);
      if (slider === null) throw new Error(`no slider in ${id}`);
      for (const value of all) {
        slider.value = String(value);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
    },
    [cell, values] as const,
  );
}

/** Columns whose name is not read whole: cut, or under the menu beside it. */
function cutNames(page: Page, cell: string): Promise<string[]> {
  return page.evaluate((id) => {
    const heads = [...document.querySelectorAll<HTMLElement>(`#cell-${id} [role=columnheader]`)];
    if (heads.length === 0) throw new Error(`no columns in ${id}`);
    return heads.flatMap((head) => {
      const name = head.querySelector("button.column-name");
      const menu = head.querySelector(".column-menu")?.getBoundingClientRect();
      if (name === null || menu === undefined) throw new Error("a column without name or menu");
      const text = name.getBoundingClientRect();
      const covered = text.left < menu.right - 4 && menu.left + 4 < text.right;
      return covered || name.scrollWidth > name.clientWidth ? [head.dataset["column"] ?? ""] : [];
    });
  }, cell);
}

async function frame(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(null))));
}

/** Settles when table, plot and prose agree on a number of rows that `wanted` takes. */
async function settled(page: Page, wanted: (rows: number) => boolean): Promise<number> {
  for (;;) {
    const [rows, drawn] = [await rowsOf(page, "hits"), await hitsDrawn(page)];
    if (rows !== null && rows === drawn && wanted(rows)) return rows;
    await frame(page);
  }
}

test("a slider moves, table and plot follow with one answer, and a query that is overtaken is stopped", async () => {
  const url = await served();
  const { page, sent, problems } = await explore(url, "explore-variants.md");
  const before = await settled(page, (rows) => rows > 0);
  expect(lastValues(sent, "hits")).toEqual(["longevitymap", 25, 0.1]);
  expect(await cutNames(page, "hits")).toEqual([]);

  await setSlider(page, "min_weight", 0.4);
  const after = await settled(page, (rows) => rows < before);
  expect(after).toBeGreaterThan(0);
  expect(lastValues(sent, "hits")).toEqual(["longevitymap", 25, 0.4]);
  // Fast moves in one frame ask once, for the last of them.
  const asked = queriesOf(sent, "hits").length;
  await setSlider(page, "min_weight", 0.1, 0.2, 0.3, 0.5);
  await settled(page, (rows) => rows < after);
  expect(
    queriesOf(sent, "hits")
      .slice(asked)
      .map(({ values }) => values["hits"]?.[2]),
  ).toEqual([0.5]);

  // A move in each frame: a query is closed for a newer one alone, and the last, of the last value, is left to end.
  const from = sent.length;
  for (const quality of [30, 31, 32, 33, 34, 35]) {
    await setSlider(page, "min_quality", quality);
    await frame(page);
  }
  // What a page sent is heard here after it.
  await until(() => {
    const last = queriesOf(sent, "substitutions").at(-1);
    const isClosed = sent.some((message) => message.type === "close" && message.stream === last?.stream);
    return last?.values["substitutions"]?.[0] === 35 && !isClosed;
  });
  await page.waitForFunction(() => document.querySelector("[data-live=pending]") === null);
  const later = sent.slice(from);
  const closed = new Set(later.flatMap((message) => (message.type === "close" ? [message.stream] : [])));
  const overtaken = later.filter(
    (message): message is Query => message.type === "query" && closed.has(message.stream),
  );
  for (const { cell, stream } of overtaken) {
    expect(queriesOf(later, cell).at(-1)?.stream, cell).toBeGreaterThan(stream);
  }
  expect(problems).toEqual([]);

  // Rows that are chosen are a value: SQL binds it, and its rows follow.
  expect(lastValues(sent, "calls_of_chosen")).toEqual([[], []]);
  const row = (number: number): ReturnType<Page["locator"]> =>
    page.locator(`#cell-hits [role=row][aria-rowindex="${number + 1}"] [role=gridcell]`).first();
  await row(1).click();
  await row(2).click({ modifiers: ["Shift"] });
  await page.waitForSelector("#cell-chosen >> text=2 rows chosen");
  await page.waitForFunction(() => document.querySelector("[data-live=pending]") === null);
  expect(lastValues(sent, "calls_of_chosen")?.[0]).toHaveLength(2);
  expect(await rowsOf(page, "calls_of_chosen")).toBeGreaterThan(0);

  // The file that a person keeps says whose rows they are.
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("#cell-hits").getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("hits.test.sample.csv");

  // A row that is half out of sight is cut off below the heads of its columns.
  const grid = page.locator("#cell-hits [role=grid]");
  await grid.evaluate((element) => element.scrollBy(0, 14));
  await frame(page);
  const below = await grid.evaluate((element) => {
    const head = element.querySelector("[role=columnheader]")?.getBoundingClientRect();
    if (head === undefined) throw new Error("no head");
    return document.elementsFromPoint(head.left + 20, head.bottom - 5).map((one) => one.role);
  });
  expect(below).toContain("columnheader");
  expect(below).not.toContain("gridcell");

  // A reload shows the page as it opens, and it goes on working.
  await page.reload();
  expect(await settled(page, (rows) => rows > 0)).toBe(before);
  await setSlider(page, "min_weight", 0.4);
  expect(await settled(page, (rows) => rows < before)).toBe(after);
  expect(problems).toEqual([]);

  // A query that would take hours is closed by the page when a newer value overtakes it, and the answer is the newer's.
  const slow = await explore(url, "slow.md");
  await slow.page.waitForSelector("text=Counted 5.");
  await setSlider(slow.page, "n", 100);
  while (lastValues(slow.sent, "hits")?.[0] !== 100) await frame(slow.page);
  await setSlider(slow.page, "n", 7);
  await slow.page.waitForSelector("text=Counted 7.");
  const hours = queriesOf(slow.sent, "hits").find(({ values }) => values["hits"]?.[0] === 100);
  expect(slow.sent).toContainEqual({ type: "close", stream: hours?.stream });
  expect(slow.problems).toEqual([]);
}, 240_000);
