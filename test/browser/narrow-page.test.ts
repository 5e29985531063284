/** The page as wide as a telephone, in a real browser. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { until } from "../support/karyon.ts";
import { openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

/** Milliseconds. */
const WITHIN = { timeout: 20_000 };

let open: NumbersPage;
let page: Page;

beforeAll(async () => {
  open = await openNumbers();
  ({ page } = open);
}, 120_000);

afterAll(() => open?.close());

/** Every test begins with the notebook on a wide page. */
beforeEach(async () => {
  await page.setViewportSize({ width: 1300, height: 900 });
  await page.evaluate(() => (location.hash = ""));
  await open.focus("numbers");
});

test("on a narrow page nothing moves when a run ends", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  const top = async (): Promise<number | undefined> => (await page.locator("main.notebook").boundingBox())?.y;
  await page.getByRole("button", { name: "Run all" }).waitFor();
  const before = await top();
  await open.press("r", "a");
  await page.getByRole("button", { name: "Nothing stale" }).waitFor();
  expect(await top()).toBe(before);
}, 60_000);

test("on a narrow page the row that is opened is seen, below its table", async () => {
  await open.press("r", "r");
  await page.setViewportSize({ width: 390, height: 640 });
  const grid = page.locator("#cell-numbers [role=grid]");
  await grid.waitFor();
  // What is laid out anew for the width takes its place by and by.
  let place: unknown = null;
  await until(async () => {
    const before = place;
    place = await grid.boundingBox();
    await page.waitForTimeout(200);
    return JSON.stringify(place) === JSON.stringify(before);
  });
  await page.locator("#cell-numbers .tabs").evaluate((tabs) => {
    const main = tabs.closest("main");
    if (main !== null)
      main.scrollTop += tabs.getBoundingClientRect().top - main.getBoundingClientRect().bottom + 260;
  });
  await grid.focus();
  for (const key of ["ArrowDown", "Space"]) await page.keyboard.press(key);
  const bottom = async (selector: string): Promise<number> => {
    const box = await page.locator(selector).boundingBox();
    return box === null ? Infinity : box.y + box.height;
  };
  await page.waitForSelector(".row-detail:focus");
  expect(await bottom(".row-detail")).toBeLessThanOrEqual((await bottom("main.notebook")) + 1);
  await page.keyboard.press("Escape");
}, 60_000);

test("on a narrow page the lineage is a list that can be read, on a wide one a sheet", async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  await page.evaluate(() => (location.hash = "#/lineage"));
  const row = page.locator(".work-page .rail-row", { hasText: "numbers" });
  await row.waitFor();
  const name = await row.locator(".lineage-name").boundingBox();
  expect(name?.height).toBeGreaterThan(14);
  await page.getByLabel("find an asset").fill("no such");
  await row.waitFor({ state: "detached" });
  await page.getByLabel("find an asset").fill("numb");
  await row.click();
  await page.locator("#cell-numbers").waitFor();
  expect(new URL(page.url()).hash).not.toBe("#/lineage");
  await page.setViewportSize({ width: 1300, height: 900 });
  await page.evaluate(() => (location.hash = "#/lineage"));
  await page.locator(".lineage-sheet .lineage-node", { hasText: "numbers" }).waitFor();
  expect(await page.locator(".work-page .rail-row").count()).toBe(0);

  // What is drawn follows the pointer as long as it is held, and no longer when the system takes that away.
  const field = page.locator(".lineage-field");
  const place = (): Promise<string> => field.evaluate((one) => one.style.transform);
  const { x, y } = (await page.locator(".lineage-sheet").boundingBox()) ?? { x: 0, y: 0 };
  const touch = await page.context().newCDPSession(page);
  const touchAt = (type: "touchStart" | "touchMove", dx: number): Promise<unknown> =>
    touch.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x: x + 20 + dx, y: y + 20 }] });
  const before = await place();
  await touchAt("touchStart", 0);
  await touchAt("touchMove", 50);
  const moved = await place();
  expect(moved).not.toBe(before);
  await touch.send("Input.dispatchTouchEvent", { type: "touchCancel", touchPoints: [] });
  await page.mouse.move(x + 200, y + 200);
  await page.mouse.move(x + 300, y + 200);
  expect(await place()).toBe(moved);
}, 60_000);

test.each([360, 620, 720, 800])(
  "at %d px a cell reads name, kind and facts, and Run stands at the end of its head",
  async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const head = page.locator("#cell-numbers .cell-head");
    const box = async (selector: string): Promise<{ left: number; right: number; middle: number }> => {
      const found = await head.locator(selector).boundingBox();
      if (found === null) throw new Error(`${selector} is not seen`);
      const { x, y, width: wide, height } = found;
      return { left: x, right: x + wide, middle: y + height / 2 };
    };
    // What is laid out anew for the width takes its place by and by.
    await vi.waitFor(async () => {
      const [name, tag, facts, run] = [
        await box("h2"),
        await box(".tag"),
        await box(".facts"),
        await box(".run"),
      ];
      const frame = await page.locator("#cell-numbers .box").boundingBox();
      expect(run.right).toBeGreaterThan((frame?.x ?? 0) + (frame?.width ?? 0) - 12);
      expect(Math.abs(run.middle - name.middle)).toBeLessThan(2);
      expect(tag.right).toBeLessThanOrEqual(facts.left);
      // In the line of the name, or with the facts in the next one.
      const line = width < 600 ? facts : name;
      expect(Math.abs(tag.middle - line.middle)).toBeLessThan(width < 600 ? 12 : 2);
    }, WITHIN);
  },
);

test("the head of the page names the notebook, whatever it says of a run, in two lines at most", async () => {
  const summary = page.locator("header .summary");
  await summary.evaluate((one) => one.append(" · 2 not yet run · 1 running · 2 failed"));
  await page.setViewportSize({ width: 800, height: 800 });
  const isCut = (): Promise<boolean> =>
    page.locator("header .title").evaluate((one) => one.scrollWidth > one.clientWidth);
  expect(await isCut()).toBe(false);
  expect(await summary.textContent()).toContain("0 failed");
  expect(await summary.getByText("0 failed").isVisible(), "what there is none of").toBe(false);
  await page.setViewportSize({ width: 620, height: 800 });
  expect((await summary.boundingBox())?.height).toBeLessThan(44);
  await page.reload();
});
