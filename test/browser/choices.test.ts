/** What a person has the page be like, in a real browser: it is so again when the page comes back. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { karyon, until } from "../support/karyon.ts";
import { TEXT, openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;
let page: Page;
let press: NumbersPage["press"];
let focus: NumbersPage["focus"];
let focused: NumbersPage["focused"];
let state: NumbersPage["state"];
let saved: NumbersPage["saved"];

beforeAll(async () => {
  open = await openNumbers();
  ({ page, press, focus, focused, state, saved } = open);
}, 120_000);

afterAll(() => open?.close());

beforeEach(() => open.reset());

test("outputs stand above the code for who wants them there, also after the page was loaded again", async () => {
  const above = (): Promise<boolean> =>
    page.evaluate(() => {
      const [code, output] = ["code", "output"].map((name) =>
        document.querySelector(`#cell-numbers .${name}`),
      );
      return code != null && output?.compareDocumentPosition(code) === Node.DOCUMENT_POSITION_FOLLOWING;
    });
  const turn = async (): Promise<void> => {
    await press("Control+k");
    await page.waitForSelector("dialog.palette[open]");
    await page.keyboard.type(":outputs above");
    await press("Enter");
  };
  await focus("numbers");
  await press("r", "r");
  await until(async () => (await state("numbers")) === "fresh");
  expect(await above()).toBe(false);
  await turn();
  await until(above);
  await page.reload();
  await page.waitForSelector("#cell-numbers .output");
  expect(await above()).toBe(true);
  await focus("numbers");
  await turn();
  await until(async () => !(await above()));
}, 60_000);

test("a key is changed by pressing another, which is written down; its old owner is named, and all can be as they came", async () => {
  const keys = join(open.workspace, ".karyon", "keys.json");
  const row = (command: string): Locator => page.locator(`.key-row[data-command=${command}]`);
  await focus("numbers");
  await press("?");
  await row("next")
    .getByRole("button", { name: /^j: change/ })
    .click();
  await press("w");
  await row("next").getByText("is free").waitFor();
  await press("Control+t");
  await row("next").getByText("the browser or the page needs this key").waitFor();
  await press("d", "d");
  await row("next").getByText("is now: delete what is selected. It would lose the key").waitFor();
  await press("Enter");
  await row("delete").getByRole("button", { name: "no key: give one to delete" }).waitFor();
  expect(JSON.parse(await readFile(keys, "utf8"))).toEqual({ delete: [], next: ["d d", "ArrowDown"] });
  await press("Escape");
  await page.waitForSelector(".key-sheet", { state: "detached" });

  await focus("numbers");
  await press("d", "d");
  await until(async () => (await focused()) === "doubled");
  expect(await readFile(open.file, "utf8")).toBe(TEXT);
  await press("Control+k");
  await page.keyboard.type(">next cell");
  expect(await page.locator("dialog.palette [role=option]").first().innerText()).not.toContain("j");
  await press("Escape");

  // By hand, and from the command line of the same workspace.
  await writeFile(keys, '{"move-down": ["Alt-m"]}');
  await page.reload();
  await page.waitForSelector("#cell-numbers");
  await focus("numbers");
  await press("Alt+m");
  await saved((text) => /doubled asset[^]*numbers asset/.test(text));
  await press("z");
  await saved((text) => text === TEXT);
  const told = await karyon(open.workspace, "keys", "list");
  expect(told.stdout).toMatch(/^move-down {2}Alt-m\n/);
  await press("?");
  await row("move-down").getByText("as it came").waitFor();
  await page.getByRole("button", { name: "All keys as they came" }).click();
  await row("move-down")
    .getByRole("button", { name: /^Alt ↓: change/ })
    .waitFor();
  expect(await readFile(keys, "utf8")).toBe("{}\n");
  await press("Escape");
  expect((await karyon(open.workspace, "keys", "set", "next", "a b c")).code).toBe(2);
}, 60_000);
