/** Vim's keys in the text of cells, in a real browser. */
import { readFile } from "node:fs/promises";

import { afterAll, beforeAll, expect, test } from "vitest";

import { until } from "../support/karyon.ts";
import { TEXT, openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;

beforeAll(async () => {
  open = await openNumbers();
}, 120_000);

afterAll(() => open?.close());

test("Vim's keys are there when they are chosen, in one cell after another, and cost nobody else", async () => {
  const { page, press, focus } = open;
  const mode = (): Promise<string> => page.locator(".vim-line").innerText();
  const becomes = (wanted: string): Promise<void> => until(async () => (await mode()) === wanted);
  const isWritten = (wanted: (text: string) => boolean): Promise<void> =>
    until(async () => wanted(await readFile(open.file, "utf8")));
  const loaded = (): Promise<number> =>
    page.evaluate(
      () => performance.getEntriesByType("resource").filter(({ name }) => /\/vim-/.test(name)).length,
    );
  const choose = async (): Promise<void> => {
    await press("Control+k");
    await page.keyboard.type(":vim");
    await page.waitForSelector("[role=option] >> text=Vim");
    await press("Enter");
  };

  await focus("doubled");
  await press("Enter");
  await page.waitForSelector("#cell-doubled .editor .view-line");
  expect(await loaded()).toBe(0);
  await choose();
  await becomes("--NORMAL--");

  // A command, a stay in insert mode of several words, and each taken back by one `u`.
  await press("0", "d", "w", "A");
  await becomes("--INSERT--");
  await page.keyboard.type(" -- so and so");
  await press("Escape");
  await becomes("--NORMAL--");
  await isWritten((text) => text.includes("\nn * 2 as n from numbers -- so and so\n"));
  await press("u");
  await isWritten((text) => text.includes("\nn * 2 as n from numbers\n"));
  await press("u");
  await isWritten((text) => text === TEXT);
  await press("Control+r");
  await isWritten((text) => text.includes("\nn * 2 as n from numbers\n"));
  await press("u");

  // Escape leads no further than to normal mode; Shift Escape does.
  await press("Escape", "Escape");
  expect(await page.locator("#cell-doubled .editor").count()).toBe(1);
  await press("Shift+Escape");
  await page.waitForSelector("#cell-doubled:focus");
  expect(await page.locator(".vim-line").count()).toBe(0);

  // In the next cells, whose editors are those of before; the keys of the page stay what they are.
  await press("j", "Enter");
  await page.waitForSelector("#cell-tripled .editor .view-line");
  await becomes("--NORMAL--");
  await press("f", "3", "r", "4", "Shift+Enter");
  await isWritten((text) => text.includes("select n * 4 as n from numbers"));
  await page.waitForSelector("#cell-tripled[data-state=fresh]", { timeout: 30_000 });
  await focus("numbers");
  await press("Enter");
  await page.waitForSelector("#cell-numbers .vim-line");
  await page.keyboard.type(":%s/2/7/");
  await press("Enter");
  await isWritten((text) => text.includes("union all\nselect 7\n"));
  await page.keyboard.type("/");
  await page.getByLabel("search or command of Vim").fill("union");
  await press("Escape");
  await becomes("--NORMAL--");
  await page.keyboard.type(":wq");
  await press("Enter");
  await page.waitForSelector(".toast >> text=Saved in notebooks/keys.md");
  await page.waitForSelector("#cell-numbers:focus");

  // Remembered, and what is typed while the editor is on its way is Vim's too.
  await page.reload();
  await focus("doubled");
  await press("Enter", "A", " ", "x", "Escape", "0");
  await isWritten((text) => text.includes("from numbers x\n"));
  await becomes("--NORMAL--");
  await choose();
  await until(async () => (await page.locator(".vim-line").count()) === 0);
  await page.keyboard.type("y");
  await isWritten((text) => text.includes("\nyselect n * 2 as n from numbers x\n"));
  await press("Escape");
  await page.waitForSelector("#cell-doubled:focus");
}, 120_000);
