import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { onTestFailed } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyon, startKaryon, temporaryFolder, until } from "../support/karyon.ts";

/** A notebook of three tables, two scripts and prose around them. */
export const TEXT = `# Keys

\`\`\`sql numbers asset
select 1 as n
union all
select 2
\`\`\`

\`\`\`sql doubled asset
select n * 2 as n from numbers
\`\`\`

\`\`\`sql tripled asset
select n * 3 as n from numbers
\`\`\`

\`\`\`js
const one = "uno"
\`\`\`

\`\`\`js
const two = "due"
\`\`\`

The end of the numbers.
`;

/** The notebook in a browser, over a server of its own. */
export interface NumbersPage {
  readonly workspace: string;
  /** Of the notebook. */
  readonly file: string;
  readonly page: Page;
  /** Presses keys, one after the other. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Gives a cell the focus. */
  readonly focus: (cell: string) => Promise<void>;
  /** Name of the cell that has the focus. */
  readonly focused: () => Promise<string | undefined>;
  readonly state: (cell: string) => Promise<string | null>;
  /** Settles when its file is as wanted. */
  readonly saved: (wanted: (text: string) => boolean) => Promise<void>;
  /** Makes it what it was, in command mode. A test that fails from here on prints what the page shows. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openNumbers(): Promise<NumbersPage> {
  const workspace = await temporaryFolder("numbers");
  const file = join(workspace, "notebooks", "keys.md");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(file, TEXT);
  const trusted = await karyon(workspace, "notebook", "trust", "keys");
  if (trusted.code !== 0) throw new Error(trusted.stderr);
  const server = startKaryon(workspace, "start", "--no-open", "--no-demo");
  const address = await addressOf(server);
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  await page.goto(`${address}&notebook=keys.md`);
  await page.waitForSelector("#cell-numbers");
  return {
    workspace,
    file,
    page,
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    focus: (cell) => page.locator(`#cell-${cell}`).focus(),
    focused: () => page.evaluate(() => document.activeElement?.closest("article")?.id.replace("cell-", "")),
    state: (cell) => page.getAttribute(`#cell-${cell}`, "data-state"),
    saved: (wanted) => until(async () => wanted(await readFile(file, "utf8"))),
    async reset() {
      onTestFailed(async () => void process.stderr.write(`${await whatIsShown(page)}\n`));
      await page.keyboard.press("Escape");
      // At one stroke: what is seen of it in pieces would come in the middle of the test.
      await writeWhole(file, TEXT);
      await until(async () => (await page.locator("article.cell").count()) === 7);
      await page.waitForSelector("#cell-doubled >> text=from numbers");
    },
    async close() {
      await browser.close();
      server.kill();
    },
  };
}

/** The head, and of each cell its state and its buttons. */
function whatIsShown(page: Page): Promise<string> {
  return page.evaluate(() => {
    const buttons = (part: Element): string =>
      [...part.querySelectorAll("button")]
        .map((one) => `${one.ariaLabel ?? one.textContent}${one.disabled ? " (disabled)" : ""}`)
        .join(" | ");
    const cells = [...document.querySelectorAll("article.cell")].map(
      (cell) => `${cell.id} ${cell.getAttribute("data-state") ?? ""}: ${buttons(cell)}`,
    );
    const head = document.querySelector("header");
    const notes = [...document.querySelectorAll("[role=alert], [role=status], .toast, dialog[open]")];
    return [
      `${document.title}, focus on ${document.activeElement?.outerHTML.slice(0, 120) ?? "nothing"}`,
      head === null ? "no head" : `${head.textContent}: ${buttons(head)}`,
      ...cells,
      ...notes.map((one) => one.textContent ?? "").filter((text) => text !== ""),
    ].join("\n");
  });
}
