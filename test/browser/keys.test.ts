/** The keys of the notebook, pressed in a real browser; the file says what they did. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
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

/** Every test begins with the same text, which is trusted, and in command mode. */
beforeEach(() => open.reset());

test("several cells are selected, copied, cut and brought back; Escape leaves one", async () => {
  await focus("numbers");
  const place = (): Promise<unknown> => page.locator("#cell-tripled").boundingBox();
  const before = await place();
  await press("Shift+J", "Shift+ArrowDown");
  expect(await page.locator("article.selected").count()).toBe(3);
  expect(await place()).toEqual(before);
  expect(await page.locator("#cell-tripled .mode-chip").innerText()).toBe("3 cells");
  await press("x");
  await saved((text) => !text.includes("numbers asset") && !text.includes("tripled"));
  await press("g", "g", "v");
  await saved((text) => /numbers asset[^]*doubled asset[^]*tripled asset[^]*uno/.test(text));
  await focus("numbers");
  await press("Shift+J", "Escape");
  expect(await page.locator("article.selected").count()).toBe(0);
  await focus("numbers");
  await page.locator("#cell-tripled .cell-head .tag").click({ modifiers: ["Shift"] });
  expect(await page.locator("article.selected").count()).toBe(3);
}, 60_000);

test("what z brings back, or changes, is where one is led", async () => {
  await focus("numbers");
  await press("d", "d");
  await page.locator("#cell-numbers").waitFor({ state: "detached" });
  await press("G");
  expect(await focused()).not.toBe("numbers");
  await press("z");
  await until(async () => (await focused()) === "numbers");
  await focus("tripled");
  await press("Alt+ArrowUp");
  await saved((text) => /tripled[^]*doubled asset/.test(text));
  await press("G", "z");
  await saved((text) => text === TEXT);
  await until(async () => ["doubled", "tripled"].includes((await focused()) ?? ""));
}, 60_000);

test("two cells are merged, one is split at the caret, and z takes both back", async () => {
  await page.locator("article[data-kind=view]").first().focus();
  await press("Shift+M");
  await saved((text) => text.includes('const one = "uno"\nconst two = "due"\n```'));
  await press("z");
  await saved((text) => text === TEXT);
  await focus("numbers");
  await press("Enter");
  await page.waitForSelector("#cell-numbers .editor .view-line");
  await press("Control+Home", "ArrowDown", "Control+Shift+-");
  await saved((text) =>
    text.includes("select 1 as n\n```\n\n```sql numbers_2 asset\nunion all\nselect 2\n```"),
  );
}, 60_000);

test("the focus stays with a cell that becomes one of another language, moves or goes", async () => {
  const here = page.locator("article.cell:focus");
  const words = page.locator("article.prose-cell").last();
  await words.locator(".insert-button").focus();
  await press("Alt+ArrowUp");
  await until(async () => (await here.count()) === 1 && (await here.innerText()).includes("The end of"));
  await press("y");
  await saved((text) => text.includes("```ts\nThe end of the numbers."));
  await until(async () => (await here.getAttribute("data-kind", { timeout: 5000 })) === "view");
  await press("m");
  await saved((text) => !text.includes("```ts"));
  await until(async () => (await here.count()) === 1 && (await here.innerText()).includes("The end of"));
  await press("z", "z", "z");
  await saved((text) => text === TEXT);
  await until(async () => (await here.count()) === 1);
}, 60_000);

test("words that become a cell of another language take along what was typed right before", async () => {
  await page.locator("article.prose-cell").last().focus();
  await press("Enter");
  await page.waitForSelector("article.prose-cell .editor .view-line");
  await press("Control+End");
  await page.keyboard.type(" More.");
  await press("Escape", "y");
  await saved((text) => text.includes("```ts\nThe end of the numbers. More."));
  await press("z", "z");
  await saved((text) => text === TEXT);
}, 60_000);

test("words inserted beside words are written over at once", async () => {
  await page.locator("article[data-kind=view]").last().focus();
  await press("Shift+B");
  await page.waitForSelector("article.prose-cell .editor .view-line");
  await page.keyboard.type("Edited.");
  await saved((text) => text.includes("```\n\nEdited.\n\nThe end of the numbers."));
  await press("Escape");
}, 60_000);

test("the focus goes to a cell that is pasted, and comes back from another page", async () => {
  await focus("numbers");
  await press("c", "v");
  await until(async () => (await focused()) === "numbers_2");
  await saved((text) => text.includes("numbers_2"));
  await press("Control+j");
  await page.waitForSelector(".work-page");
  await press("Control+j");
  await until(async () => (await focused()) === "numbers_2");
}, 60_000);

test("from another page the palette leads to a cell, and shows what a command is done to", async () => {
  await page.evaluate(() => (location.hash = "#/runs"));
  await page.waitForSelector(".work-page");
  await press("Control+k");
  await page.keyboard.type("tripled");
  await press("Enter");
  await until(async () => (await focused()) === "tripled");
  expect(await page.locator(".work-page").count()).toBe(0);
}, 60_000);

test("of two cells of one name, one is renamed from its error, and what reads the name reads the other", async () => {
  const other = "```sql numbers asset\nselect 3 as n\n```\n\n";
  await writeWhole(open.file, TEXT.replace("The end", `${other}The end`));
  const card = page.locator("article.cell", { hasText: "select 3 as n" }).locator(".error-card");
  await card.getByText("two definitions of numbers").waitFor();
  await card.getByRole("button", { name: "Rename this one…" }).click();
  await page.getByText("Another cell has this name too").waitFor();
  await page.getByRole("textbox", { name: "Name" }).fill("threes");
  await press("Enter");
  await saved((text) => text === TEXT.replace("The end", `${other.replace("numbers", "threes")}The end`));
}, 60_000);

test("what a script draws has the plain keys: none of them changes the notebook", async () => {
  const drawn = '```js\nhtml`<div tabindex="0" class="widget">here</div>`\n```\n\n';
  const text = TEXT.replace("The end", `${drawn}The end`);
  await writeWhole(open.file, text);
  await page.locator("article.cell").nth(7).waitFor();
  expect((await karyon(open.workspace, "notebook", "trust", "keys")).code).toBe(0);
  const widget = page.locator(".widget");
  await widget.focus();
  await press("d", "d", "ArrowDown", "x", "Control+s");
  await page.locator(".toast", { hasText: "Saved in" }).waitFor();
  expect(await widget.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await readFile(open.file, "utf8")).toBe(text);
  await press("Escape");
  await until(() => page.evaluate(() => document.activeElement?.matches("article.cell") === true));
}, 60_000);

test("the first line of a cell is changed from its menu", async () => {
  await focus("tripled");
  await page.getByRole("button", { name: "More for tripled" }).click();
  await page.getByRole("menuitem", { name: "First line…" }).click();
  const words = page.getByLabel("After sql tripled");
  expect(await words.inputValue()).toBe("asset");
  await words.fill(`asset check="n > 'a'" timeout=10m`);
  await press("Enter");
  await saved((text) => text.includes(`sql tripled asset check="n > 'a'" timeout=10m\n`));
  await page.locator("#cell-tripled .cell-head >> text=check n > 'a'").waitFor();
  await page.getByRole("button", { name: "More for tripled" }).click();
  await page.getByRole("menuitem", { name: "First line…" }).click();
  await words.fill("asset");
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await saved((text) => text.includes("sql tripled asset\n"));
}, 60_000);

test("l asks which of several, the menu opens by its key, and the sheet of keys is searched", async () => {
  await focus("numbers");
  await press("l");
  await page.waitForSelector("dialog.palette[open]");
  expect(await page.locator("dialog.palette [role=option]").allInnerTexts()).toEqual([
    expect.stringContaining("doubled"),
    expect.stringContaining("tripled"),
  ]);
  await press("ArrowDown", "Enter");
  await until(async () => (await focused()) === "tripled");
  await press("h");
  await until(async () => (await focused()) === "numbers");
  await press(".");
  await page.waitForSelector("[role=menuitem] >> text=Run up to here");
  await press("Escape");
  await page.waitForSelector("[role=menu]", { state: "detached" });
  await focus("numbers");
  await press("?");
  await page.getByLabel("find a key").fill("split");
  expect(await page.locator(".key-sheet dl > div").count()).toBe(1);
  await press("Escape");
}, 60_000);

test("what is pressed before the menu of a cell has the focus is pressed in the menu", async () => {
  const pressAtOnce = (...keys: readonly string[]): Promise<void> =>
    page.evaluate((all) => {
      for (const key of all)
        document.activeElement?.dispatchEvent(
          new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
        );
    }, keys);
  await focus("numbers");
  await pressAtOnce(".", "f", "Enter");
  await page.waitForSelector("#cell-numbers[data-output=folded]");
  await page.waitForSelector("[role=menu]", { state: "detached" });
  await focus("numbers");
  await press("o");
  await pressAtOnce(".", "Escape");
  expect(await page.locator("[role=menu]").count()).toBe(0);
  expect(await focused()).toBe("numbers");
});

test("Mod-S says where the file lies and what it holds, by its hash", async () => {
  await focus("numbers");
  await press("Control+s");
  const hash = createHash("sha256").update(TEXT).digest("hex").slice(0, 4);
  await page.waitForSelector(`.toast >> text=/Saved in notebooks\\/keys\\.md · #${hash}/`);
}, 60_000);

test("what a reader sees has no code, and outputs fold", async () => {
  await focus("numbers");
  await press("r", "r");
  await until(async () => (await state("numbers")) === "fresh");
  await press("Control+Shift+V");
  expect(await page.locator("#cell-numbers .code").isVisible()).toBe(false);
  await page.locator("#cell-numbers [role=grid]").waitFor();
  expect((await page.locator("#cell-numbers [role=grid]").boundingBox())?.width).toBeGreaterThan(600);
  await page.setViewportSize({ width: 400, height: 800 });
  expect((await page.locator("#cell-numbers [role=grid]").boundingBox())?.width).toBeGreaterThan(280);
  await page.setViewportSize({ width: 1300, height: 900 });
  await press("Control+f", "Control+h");
  expect(await page.getByLabel("Replace by").count()).toBe(0);
  await press("Escape");
  await focus("numbers");
  await press("d", "d", "x", "v", "b", "Enter");
  await press("Control+Shift+V");
  await page.waitForTimeout(500);
  expect(await readFile(open.file, "utf8")).toBe(TEXT);
  await focus("numbers");
  await press("o");
  expect(await page.locator("#cell-numbers .output").isVisible()).toBe(false);
  await press("o", "Shift+L");
  expect(await page.locator("#cell-numbers .line-numbers").innerText()).toMatch(/1\s*2\s*3/);
  await press("Shift+L");
}, 60_000);

test("in the text of a cell a name leads to its cell, to its uses and to another name, and SQL is laid out", async () => {
  const write = async (cell: string): Promise<void> => {
    await focus(cell);
    await press("Enter");
    await page.waitForSelector(`#cell-${cell} .editor .view-line`);
    await press("Control+End");
  };
  await write("doubled");
  await press("Shift+F12");
  await page.waitForSelector("dialog.palette[open]");
  expect(await page.locator("dialog.palette [role=option]").count()).toBe(2);
  await press("Escape");
  await write("doubled");
  await press("F2");
  expect(await page.getByRole("dialog").getByRole("textbox").inputValue()).toBe("numbers");
  await press("Escape");
  await write("doubled");
  await press("F12");
  await until(async () => (await focused()) === "numbers");
  await write("doubled");
  await press("Control+a");
  await page.keyboard.type(
    "select n * 2 as n from numbers where n > 0 and n < 10 and n is not null and n between 1 and 8",
  );
  await press("Alt+Shift+F");
  await saved((text) =>
    text.includes("from numbers\nwhere n > 0 and n < 10 and n is not null and n between 1 and 8"),
  );
  await press("Escape");
  await page.locator("article[data-kind=view]").first().focus();
  await press("Enter");
  await page.waitForSelector("article[data-kind=view] .editor .view-line");
  await press("Alt+Shift+F");
  await page.waitForSelector(".toast >> text=How js is laid out is not known");
}, 60_000);

test("with the focus nowhere, what comes below comes at the end, and its words are written over", async () => {
  await page.reload();
  await page.waitForSelector("#cell-numbers");
  await press("Shift+B");
  await page.waitForSelector(".monaco-editor.focused");
  await page.keyboard.type("Mine.");
  await saved((text) => text.endsWith("The end of the numbers.\n\nMine.\n"));
}, 60_000);

test("where the system chooses the colours, what is chosen has an outline", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  onTestFinished(() => page.emulateMedia({ forcedColors: "none" }));
  const outline = (chosen: Locator): Promise<string> =>
    chosen.evaluate((one) => getComputedStyle(one).outlineStyle);
  expect(await outline(page.locator(".rail [aria-current=page]"))).toBe("solid");
  await press("Control+k");
  expect(await outline(page.locator("[role=option][aria-selected=true]"))).toBe("solid");
  await press("Escape");
});

test("what is typed while the editor is on its way is text, and no command; one that is late is told of", async () => {
  let arrives = (): void => {};
  const onItsWay = new Promise<void>((resolve) => (arrives = resolve));
  const chunk = /editor-chunk.*\.js/;
  await page.route(chunk, async (route) => {
    await onItsWay;
    await route.continue();
  });
  await page.reload();
  await page.waitForSelector("#cell-numbers");
  await focus("numbers");
  await press("Enter", "-", "-", "d", "d", "Enter");
  await page.waitForSelector("#cell-numbers [role=status] >> text=The editor is being loaded");
  arrives();
  await page.waitForSelector("#cell-numbers .editor .view-line");
  expect(await page.locator(".editor-awaited").count()).toBe(0);
  await page.unroute(chunk);
  await saved((text) => text.includes("```sql numbers asset\n--dd\nselect 1 as n"));
  expect(await focused()).toBe("numbers");
});
