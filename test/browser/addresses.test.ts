/** Where an address leads, in a real browser. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { karyon, until } from "../support/karyon.ts";
import { openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;
let page: Page;

beforeAll(async () => {
  open = await openNumbers();
  ({ page } = open);
}, 120_000);

afterAll(() => open?.close());

test("an address that leads nowhere leads on, Back leads to what was open, an empty notebook shows where a cell begins, a failed script is marked", async () => {
  await writeFile(join(open.workspace, "notebooks", "empty.md"), "");
  await writeFile(
    join(open.workspace, "notebooks", "wrong.md"),
    "```js\nnobody + 1\n```\n\n```js off disabled\n1\n```\n\n```js\ntripled.numRows\n```\n",
  );
  expect((await karyon(open.workspace, "notebook", "trust", "wrong")).code).toBe(0);
  const home = new URL("/", page.url());
  await page.goto(new URL("/?notebook=nowhere.md", home).href);
  await page.waitForSelector("text=no such notebook: nowhere.md");
  await page.getByRole("button", { name: "Open the first notebook" }).click();
  await page.waitForSelector("article.cell, .insert-button");
  await page.goto(new URL("/?notebook=empty.md", home).href);
  const begin = page.getByRole("button", { name: "Insert a cell below the top" });
  await begin.waitFor();
  expect(await begin.evaluate((button) => getComputedStyle(button).opacity)).toBe("1");
  await page.goto(new URL("/?notebook=wrong.md", home).href);
  const cell = page.locator("article[data-state=failed]");
  await cell.locator(".gutter [data-mark=failed]").waitFor();
  expect(await cell.locator(".error-where").innerText()).toBe("line 1, column 1");
  const off = page.locator("article[data-state=disabled]");
  await off.locator(".gutter [data-mark=disabled]").waitFor();
  expect(await off.locator(".error-card").count()).toBe(0);

  // Back and Forward lead through what was opened, the pages beside it included.
  await page.getByRole("button", { name: "Notebooks" }).click();
  await page.getByRole("button", { name: "Keys keys.md", exact: true }).click();
  await page.locator("#cell-numbers").waitFor();
  await until(() => page.url().includes("keys.md"));
  await page.goBack();
  await cell.waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Notebooks" }).waitFor();
  await page.goForward();
  await page.goForward();
  await page.locator("#cell-numbers").waitFor();
  expect(page.url()).toContain("keys.md");
}, 60_000);

test("a notebook that is opened again brings no script of its cells with it anew", async () => {
  await writeFile(join(open.workspace, "notebooks", "empty.md"), "");
  await writeFile(join(open.workspace, "notebooks", "shown.md"), "```js\n1 + 1\n```\n");
  expect((await karyon(open.workspace, "notebook", "trust", "shown")).code).toBe(0);
  const { href } = new URL("/?notebook=shown.md", page.url());
  await page.addInitScript(() => {
    const make = URL.createObjectURL.bind(URL);
    const made: string[] = [];
    Object.assign(globalThis, { made });
    URL.createObjectURL = (source) => {
      const url = make(source);
      made.push(url);
      return url;
    };
  });
  await page.goto(href);
  const shown = page.locator("article[data-kind=view] .inspected").first();
  await shown.waitFor();
  const made = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { made: string[] }).made.length);
  const before = await made();
  expect(before).toBeGreaterThan(0);
  const follow = (query: string): Promise<void> =>
    page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, query);
  for (const _ of [1, 2]) {
    await follow("/?notebook=empty.md");
    await shown.waitFor({ state: "detached" });
    await follow("/?notebook=shown.md");
    await shown.waitFor();
  }
  expect(await made()).toBe(before);
}, 60_000);

test("when the last notebook is gone, another is made where it was", async () => {
  const home = new URL("/", page.url());
  for (const name of ["empty", "wrong", "shown"])
    await rm(join(open.workspace, "notebooks", `${name}.md`), { force: true });
  await page.goto(new URL("/?notebook=keys.md#/notebooks", home).href);
  await page.getByText("1 notebook", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Delete keys.md" }).click();
  await page.getByRole("button", { name: "Move to the trash" }).click();
  await page.getByText("0 notebooks").waitFor();
  await page.goto(home.href);
  await page.getByRole("button", { name: "Make a notebook" }).click();
  await page.getByRole("button", { name: "New notebook" }).click();
  await page.keyboard.type("again");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Again", level: 1 }).last().waitFor();
}, 60_000);
