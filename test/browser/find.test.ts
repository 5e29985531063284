/** Find and replace in all cells, in a real browser; the file says what they did. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { until } from "../support/karyon.ts";
import { TEXT, openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;
let page: Page;
let press: NumbersPage["press"];
let focus: NumbersPage["focus"];
let saved: NumbersPage["saved"];

beforeAll(async () => {
  open = await openNumbers();
  ({ page, press, focus, saved } = open);
}, 120_000);

afterAll(() => open?.close());

beforeEach(() => open.reset());

test("a word is found in all cells, and replaced in all of them in one step", async () => {
  await focus("doubled");
  await press("Control+f");
  await page.keyboard.type("numbers");
  const count = page.locator(".find-count");
  await until(async () => (await count.innerText()) === "1 of 3");
  await press("Enter");
  expect(await count.innerText()).toBe("2 of 3");
  await press("Control+h");
  await page.getByLabel("Replace by").fill("figures");
  await page.getByRole("button", { name: "Replace all 3" }).click();
  await saved((text) => text.includes("n * 3 as n from figures") && text.includes("The end of the figures."));
  await press("Escape");
  await press("z");
  await saved((text) => text === TEXT);
}, 60_000);

test("the panel of find leaves the page where it was scrolled to, and Ctrl-F leads back into it", async () => {
  await page.setViewportSize({ width: 1300, height: 320 });
  await focus("numbers");
  await press("Control+f");
  await page.keyboard.type("union");
  await until(async () => (await page.locator(".find-count").innerText()) === "1 of 1");
  const top = (): Promise<number> => page.locator("main.notebook").evaluate((main) => main.scrollTop);
  await page.locator("main.notebook").evaluate((main) => main.scrollTo(0, main.scrollHeight));
  const scrolled = await top();
  expect(scrolled).toBeGreaterThan(300);
  await page.locator("article.prose-cell").last().locator(".prose").click();
  await page.waitForSelector("article.prose-cell.focused");
  expect(await top()).toBe(scrolled);
  await press("Control+f");
  expect(await page.getByLabel("Find", { exact: true }).evaluate((field) => field.matches(":focus"))).toBe(
    true,
  );
  await press("Escape");
  await page.waitForSelector(".find-panel", { state: "detached" });
  await page.setViewportSize({ width: 1300, height: 900 });
}, 60_000);
