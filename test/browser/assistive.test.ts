/** The page by keyboard and as a screen reader is told of it, in a real browser. */
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { seriousFindings } from "../support/axe.ts";
import { until } from "../support/karyon.ts";
import { openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;
let page: Page;
let press: NumbersPage["press"];
let focus: NumbersPage["focus"];
let state: NumbersPage["state"];

beforeAll(async () => {
  open = await openNumbers();
  ({ page, press, focus, state } = open);
}, 120_000);

afterAll(() => open?.close());

beforeEach(() => open.reset());

/** Until its menu has the focus, keys go to the cell. */
const inMenu = (): Promise<void> =>
  until(() => page.evaluate(() => document.activeElement?.closest("[role=menu]") != null));
const isFocused = (element: Locator): Promise<void> =>
  until(() => element.evaluate((one) => one === document.activeElement));

test("what the menu of a cell leads to opens from its key, too, and gives the focus back", async () => {
  for (const [typed, opened] of [
    ["Hist", "dialog[open] >> text=History of numbers"],
    ["Rena", "dialog[open] >> text=Rename"],
    ["Insert below", "[role=menu][aria-label='kind of cell']"],
  ] as const) {
    await focus("numbers");
    await press(".");
    await page.getByRole("menuitem", { name: "Copy" }).waitFor();
    await inMenu();
    await page.keyboard.type(typed);
    await press("Enter");
    await page.waitForSelector(opened);
    await press("Escape");
    await isFocused(page.locator("#cell-numbers"));
  }
}, 60_000);

test("the menu of a cell that keeps nothing does not offer what is done to assets", async () => {
  const view = page.locator("article[data-kind=view]").first();
  await view.focus();
  await press(".");
  await page.getByRole("menuitem", { name: "Run up to here" }).waitFor();
  expect(await page.getByRole("menuitem", { name: "Run with what depends on it" }).count()).toBe(0);
  await inMenu();
  await press("Escape");
  await isFocused(view);
  await focus("numbers");
  await press(".");
  await page.getByRole("menuitem", { name: "Run with what depends on it" }).waitFor();
  await inMenu();
  await press("Escape");
  await isFocused(page.locator("#cell-numbers"));
}, 60_000);

test("what goes with the press of its own button leaves the focus with the cell, not with nothing", async () => {
  const cell = page.locator("#cell-doubled");
  const presses = async (button: Locator): Promise<void> => {
    await button.press("Enter");
    await isFocused(cell);
  };
  await focus("doubled");
  await press("Control+s");
  await presses(page.locator(".toast button"));
  await presses(page.getByRole("button", { name: "Close lineage and record" }));
  await press("Control+\\", "Control+Shift+V");
  await presses(page.locator(".reading-end"));
  // It is disabled by what it starts.
  await presses(page.getByRole("button", { name: /^Run (?:stale|all|the rest)/ }));
  await until(async () => (await state("tripled")) === "fresh");
}, 60_000);

test("a question of a page that is answered by No gives the focus back", async () => {
  await page.evaluate(() => (location.hash = "#/notebooks"));
  for (const [asks, leaves] of [
    ["Rename keys.md", "Cancel"],
    ["Delete keys.md", "Cancel"],
  ] as const) {
    const button = page.getByRole("button", { name: asks });
    await button.focus();
    await press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: leaves }).focus();
    await press("Enter");
    await isFocused(button);
  }
  await page.evaluate(() => (location.hash = ""));
  await page.locator("#cell-numbers").waitFor();
}, 60_000);

test("at the last row, its keys still lead back", async () => {
  await focus("numbers");
  await press("r", "r");
  await until(async () => (await state("numbers")) === "fresh");
  await page.locator("#cell-numbers [role=grid]").focus();
  await press("ArrowDown", "Space");
  const row = page.locator("#cell-numbers .row-detail");
  await row.getByRole("button", { name: "row after" }).focus();
  await press("Enter");
  await row.getByText("row 2").waitFor();
  await until(() => page.evaluate(() => document.activeElement !== document.body));
  await press("ArrowUp");
  await row.getByText("row 1").waitFor();
  await row.getByRole("button", { name: "Close the row" }).click();
}, 60_000);

test("cells that are selected together are counted aloud", async () => {
  await focus("numbers");
  await press("Shift+ArrowDown", "Shift+ArrowDown");
  await page.getByRole("status").getByText("3 cells selected").waitFor({ state: "attached" });
}, 60_000);

test("the lines of the lineage are words, and a page has its own title", async () => {
  const graph = page.getByRole("navigation", { name: "lineage of the workspace" });
  const link = graph.getByRole("link", { name: /^doubled/ });
  expect(await link.getAttribute("aria-description")).toBe("made from numbers");
  await focus("doubled");
  await press("Control+j");
  await until(async () => (await page.title()).endsWith("Runs · Karyon"));
  await press("Control+j");
  await until(async () => (await page.title()).endsWith("Keys · Karyon"));
}, 60_000);

test("find gives the focus back to the cell, also when nothing was found", async () => {
  await focus("doubled");
  await press("Control+f");
  await page.keyboard.type("no such word");
  await press("Escape");
  await isFocused(page.locator("#cell-doubled"));
}, 60_000);

test("the tools of a cell are one Tab stop before what they are seen above, and arrows lead through them", async () => {
  await focus("numbers");
  await press("Tab");
  await isFocused(page.getByRole("button", { name: "Edit numbers" }));
  await press("ArrowRight");
  await isFocused(page.getByRole("button", { name: "Move numbers up" }));
  await press("Tab");
  await isFocused(page.getByRole("button", { name: "Run numbers" }));
  await press("Shift+Tab");
  await isFocused(page.getByRole("button", { name: "Move numbers up" }));
}, 60_000);

test.each(["light", "dark"] as const)(
  "axe finds nothing serious in what lies over the page, %s",
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await focus("numbers");
    await press("r", "r");
    await until(async () => (await state("numbers")) === "fresh");
    const found: string[] = [];
    for (const keys of [["?"], ["n"], ["E"], ["v", "h"], ["v", "d"], ["."], ["Control+h"], ["b"]]) {
      await focus("numbers");
      await press(...keys);
      await page.locator("dialog[open], [role=menu], .find-panel").first().waitFor();
      found.push(...(await seriousFindings(page)).map((one) => `${keys.join(" ")} ${one}`));
      await press("Escape");
      await page.locator("dialog[open], [role=menu], .find-panel").first().waitFor({ state: "detached" });
    }
    expect(found).toEqual([]);
  },
  60_000,
);

test("columns and words have short names", async () => {
  await focus("numbers");
  await press("r", "r");
  await until(async () => (await state("numbers")) === "fresh");
  await page.locator("#cell-numbers").getByRole("columnheader", { name: "n", exact: true }).waitFor();
  await page.getByRole("article", { name: "text: The end of the numbers." }).waitFor();
}, 60_000);

test("a cell of the page that begins to fail is told of by name, once it is no longer written", async () => {
  const cell = page.locator("article[data-kind=view]").first();
  const alert = cell.locator("[role=alert]");
  await cell.locator('[data-live="cell"]').waitFor({ state: "attached" });
  expect(await alert.innerText()).toBe("");
  await cell.focus();
  await press("Enter");
  await page.waitForSelector("article[data-kind=view] .editor .view-line");
  await press("Control+a");
  await page.keyboard.type('throw new Error("no luck")');
  await cell.locator(".error-sentence >> text=no luck").waitFor();
  expect(await alert.innerText()).toBe("");
  await press("Escape");
  await until(async () => (await alert.innerText()) === "js cell failed: Error: no luck");
}, 60_000);

test("Escape leaves the text as it is chosen to in the settings; Shift Escape always does", async () => {
  const write = async (): Promise<void> => {
    await focus("doubled");
    await press("Enter");
    await page.waitForSelector("#cell-doubled .monaco-editor.focused");
  };
  const choose = async (words: string): Promise<void> => {
    await press("Control+k");
    await page.keyboard.type(":esc");
    await press("Enter");
    await page.waitForSelector(`.toast >> text=${words}`);
    // The palette gives the focus back.
    await isFocused(page.locator("#cell-doubled"));
  };
  const writes = (): Promise<boolean> => page.locator("#cell-doubled .monaco-editor.focused").isVisible();
  await focus("doubled");
  await choose("Esc leaves the text when it is pressed twice");
  await write();
  await press("Escape");
  expect(await writes()).toBe(true);
  await page.waitForTimeout(600);
  await press("Escape", "Escape");
  await isFocused(page.locator("#cell-doubled"));
  await choose("Esc stays in the text");
  await write();
  await press("Escape", "Escape");
  expect(await writes()).toBe(true);
  await press("Shift+Escape");
  await isFocused(page.locator("#cell-doubled"));
  await choose("Esc leaves the text");
  await write();
  await press("Escape");
  await isFocused(page.locator("#cell-doubled"));
}, 60_000);

test("where the system chooses the colours, the cell with the focus has an outline", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  await focus("doubled");
  const box = page.locator("#cell-doubled > .box");
  expect(await box.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("solid");
  await page.emulateMedia({ forcedColors: "none" });
}, 60_000);

test("an error is copied whole, and leads to its run", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const cell = page.locator("#cell-doubled");
  await cell.locator("pre").click();
  await page.waitForSelector("#cell-doubled .monaco-editor.focused");
  await press("Control+a");
  await page.keyboard.type("select nope from numbers");
  await press("Shift+Escape");
  await open.saved((text) => text.includes("select nope from numbers"));
  await isFocused(cell);
  await press("r", "r");
  const card = cell.locator(".error-card");
  await card.locator(".error-sentence >> text=no column nope").waitFor();
  await card.locator("summary").click();
  await card.getByRole("button", { name: "Copy the error" }).click();
  await card.getByText("copied", { exact: true }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^no column nope\n[^]*line 1, column 8\n[^]*Binder Error/);
  await card.getByRole("button", { name: "Open the runs" }).click();
  await page.waitForSelector(".run-row >> text=no column nope");
  await press("Control+j");
  await isFocused(cell);
}, 60_000);
