/** Loops of the page's cells that never end, in a real browser: the page lives on, and so does an exported one. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import { exported, opened, workspaceWith } from "../export/exported.ts";
import { openContext } from "../support/chromium.ts";
import { addressOf, karyon, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const NOTEBOOK = `Words with \${(() => { let n = 0; while (n >= 0) n++; })()} in them.

\`\`\`js endless
const start = 1;
  for (let i = start; i > 0; i += 0) { Math.sqrt(i); } const never = 2;
\`\`\`

\`\`\`js recursion
const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)), all = fib(80);
\`\`\`

\`\`\`js by-promises
while (true) await null;
\`\`\`

\`\`\`js waits
(async function* () {
  for (let n = 1; ; n++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    yield n;
  }
})()
\`\`\`

\`\`\`ts thrower
for (const letter of "a" as string) if (letter === "a") throw new Error("its place");
\`\`\`

\`\`\`js below
never + 1
\`\`\`

\`\`\`js beside
6 * 7
\`\`\`
`;

/** In the page alone, where it can be let end. */
const LONG = `
\`\`\`js long
const end = Date.now() + 6000; while (Date.now() < end);
\`\`\`
`;

const STOPPED = "this loop kept the page from everything else for 5 s";

/** What the error card of a cell says. */
async function trouble(page: Page, cell: string): Promise<string> {
  return page.locator(`#cell-${cell} .error-card`).innerText({ timeout: 30_000 });
}

async function livesOn(page: Page): Promise<void> {
  expect(await trouble(page, "endless")).toContain(STOPPED);
  expect(await trouble(page, "endless")).toContain("line 2, column 3");
  expect(await trouble(page, "recursion")).toContain(
    "this recursion kept the page from everything else for 5 s",
  );
  expect(await trouble(page, "recursion")).toContain("line 1, column 13");
  expect(await trouble(page, "by-promises")).toContain("line 1, column 1");
  expect(await trouble(page, "thrower")).toContain("line 1, column 63");
  await page.locator("#cell-beside").getByText("42").waitFor();
  expect(await page.locator("#cell-below").innerText()).toContain(STOPPED);
  const reached = async (): Promise<number> => Number(await page.locator("#cell-waits .stage").innerText());
  const before = await reached();
  await until(async () => (await reached()) > before + 10);
}

test("a loop that never ends is stopped with its place, and the page lives on; one that may block is let end", async () => {
  const workspace = await temporaryFolder("endless");
  const file = join(workspace, "notebooks/endless.md");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(file, NOTEBOOK + LONG);
  const trusted = await karyon(workspace, "notebook", "trust", "endless.md");
  if (trusted.code !== 0) throw new Error(trusted.stderr);
  const url = await addressOf(startServer(workspace));
  const context = await openContext({});
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await livesOn(page);

  expect(await trouble(page, "long")).toContain("line 1, column 32");
  await page.click("#cell-long");
  await page.keyboard.press(".");
  await page.getByRole("menuitem", { name: "Let loops take long" }).click();
  await until(async () => (await readFile(file, "utf8")).includes("```js long blocking"));
  await page.locator("#cell-long [data-live=cell]").waitFor({ state: "attached" });
}, 120_000);

test("an exported notebook lives on as well", async () => {
  const { path } = await exported(await workspaceWith(NOTEBOOK, []));
  const { page } = await opened(path);
  await livesOn(page);
}, 120_000);
