/** Times that no Date of JavaScript holds, in a real browser: over a real server, and in an exported file. */
import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import { exported, opened, workspaceWith } from "../export/exported.ts";
import { openBrowser } from "../support/chromium.ts";
import { addressOf } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const QUERY = "select unnest(['2020-02-29'::timestamp, 'infinity', '-infinity', '294247-01-10']) as at";
const NOTEBOOK = `# Times

\`\`\`sql live
${QUERY}
\`\`\`

\`\`\`sql made asset
${QUERY}
\`\`\`

\`\`\`js reads
[...live.getChild("at"), ...made.getChild("at")].join()
\`\`\`

\`\`\`js drawn
Plot.dot(live, {x: "at"}).plot()
\`\`\`
`;
const IN_ORDER = ["2020-02-29", "infinity", "-infinity", "+294247-01-10"];
const SORTED = ["-infinity", "2020-02-29", "+294247-01-10", "infinity"];

/** Settles when a table shows these cells. */
async function shows(page: Page, cell: string, wanted: readonly string[]): Promise<void> {
  await page.waitForFunction(
    ([id, texts]) => {
      const cells = [...document.querySelectorAll(`#cell-${id} [role=gridcell]`)];
      return cells.map(({ textContent }) => textContent).join() === texts;
    },
    [cell, wanted.join()] as const,
  );
}

async function showsAll(page: Page): Promise<void> {
  page.setDefaultTimeout(20_000);
  for (const cell of ["live", "made"]) {
    await shows(page, cell, IN_ORDER);
    await page.click(`#cell-${cell} button.column-name`);
    await shows(page, cell, SORTED);
  }
}

test("an infinite and a very far time are shown, sorted, given to scripts as null and left out of a plot", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["made"]);
  const url = await addressOf(startServer(workspace));
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(url);
  await page.goto(new URL("/?notebook=it.md", url).href);
  await showsAll(page);
  const at = Date.UTC(2020, 1, 29);
  await page.waitForSelector(`#cell-reads .inspected >> text=/^${at},,,,${at},,,$/`);
  await page.waitForSelector("#cell-drawn svg circle");
  expect(await page.locator("#cell-drawn svg circle").count()).toBe(1);

  const file = await opened((await exported(workspace)).path);
  await showsAll(file.page);
  expect(file.problems).toEqual([]);
}, 120_000);
