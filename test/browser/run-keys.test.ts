/** The keys that run cells, pressed in a real browser. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
import { karyon, until } from "../support/karyon.ts";
import { TEXT, openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;
let page: Page;
let press: NumbersPage["press"];
let focus: NumbersPage["focus"];
let state: NumbersPage["state"];
let saved: NumbersPage["saved"];

beforeAll(async () => {
  open = await openNumbers();
  ({ page, press, focus, state, saved } = open);
}, 120_000);

afterAll(() => open?.close());

/** Every test begins with the same text, which is trusted, and in command mode. */
beforeEach(() => open.reset());

test("a result is held and a cell disabled by one key each, and the cell says so", async () => {
  await focus("doubled");
  await press("r", "r");
  await until(async () => (await state("doubled")) === "fresh");
  await press("t");
  await until(async () => (await state("doubled")) === "held");
  // Nothing is newer, and what is below it is not stale.
  expect(await page.locator("#cell-doubled .notice").count()).toBe(0);
  await press("t");
  await until(async () => (await state("doubled")) === "fresh");
  await focus("tripled");
  await press("e");
  await saved((text) => text.includes("sql tripled asset disabled"));
  await until(async () => (await state("tripled")) === "disabled");
  await press("e");
  await saved((text) => text.includes("sql tripled asset\n"));
}, 60_000);

test("what keeps nothing is computed anew when it is run, though nobody edited it, with what reads it", async () => {
  const live = "```sql drawn\nselect random()::varchar as r\n```\n\n```js clock\nperformance.now()\n```\n\n";
  await writeWhole(open.file, TEXT.replace("The end", `${live}The value of clock is \${clock}.\n\nThe end`));
  await page.locator("#cell-clock").waitFor();
  expect((await karyon(open.workspace, "notebook", "trust", "keys")).code).toBe(0);
  const drawn = (): Promise<string> => page.locator("#cell-drawn").getByRole("gridcell").first().innerText();
  const told = (): Promise<string> => page.getByText("The value of clock is").innerText();
  await until(async () => /is \d/.test(await told()));
  const before = [await drawn(), await told()];
  await focus("drawn");
  await press("r", "r");
  await until(async () => (await drawn()) !== before[0]);
  expect(await told()).toBe(before[1]);
  await focus("clock");
  await press("r", "r");
  await until(async () => (await told()) !== before[1]);
  const after = [await drawn(), await told()];
  await press("Shift+K", "r", "r");
  await until(async () => (await drawn()) !== after[0] && (await told()) !== after[1]);
}, 60_000);

test("live SQL over what is not made yet waits, and one press makes it; what fails is counted at the head", async () => {
  const live = "```sql seen\nselect n from late\n```\n\n```js\nnull.nothing\n```\n\n";
  const late = "```sql late asset\nselect 7 as n\n```\n\n";
  await writeWhole(open.file, TEXT.replace("The end", `${late}${live}The end`));
  await page.locator("#cell-seen").waitFor();
  expect((await karyon(open.workspace, "notebook", "trust", "keys")).code).toBe(0);
  await page.locator("header >> text=1 failed").waitFor();
  await until(async () => (await state("seen")) === "unknown");
  await page.locator("#cell-seen").getByRole("button", { name: "Run late" }).click();
  await page.locator("#cell-seen").getByRole("gridcell", { name: "7" }).waitFor();
}, 60_000);

/** Writes a letter at the end of a cell, and leaves it. */
async function writeInto(cell: string, letter: string): Promise<void> {
  await focus(cell);
  await press("Enter");
  await page.waitForSelector(`#cell-${cell} .editor .view-line`);
  await press("Control+End");
  await page.keyboard.type(letter);
  await press("Escape");
}

test("what is stale, or up to here, is run right after an edit, too: what the edit made stale is waited for", async () => {
  await focus("numbers");
  await press("r", "r");
  await until(async () => (await state("numbers")) === "fresh");
  await press("r", "a");
  await until(async () => (await state("tripled")) === "fresh" && (await state("doubled")) === "fresh");
  await writeInto("numbers", "0");
  await press("r", "a");
  await page.locator("#cell-numbers").getByRole("gridcell", { name: "20" }).waitFor();
  await page.locator("#cell-tripled").getByRole("gridcell", { name: "60" }).waitFor();
  await writeInto("numbers", "1");
  await press("r", "u");
  await page.locator("#cell-numbers").getByRole("gridcell", { name: "201" }).waitFor();
}, 60_000);
