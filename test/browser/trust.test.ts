/** A hostile notebook in a real browser: what is opened does not run, whatever it holds. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyonJson, startKaryon, temporaryFolder, until } from "../support/karyon.ts";

/** Whoever runs code of the notebook leaves a mark in each of these. */
const MARK = "localStorage.setItem('canary', 'js'); document.title = 'canary'; postMessage('canary');";
const cells = (
  port: number,
): string => `# Free results <script>localStorage.setItem("canary", "title")</script>

Look: \${localStorage.setItem("canary", "prose")} <img src=x onerror="localStorage.setItem('canary','img')">
[a link](javascript:localStorage.setItem("canary","link"))

\`\`\`js
${MARK}
fetch("http://127.0.0.1:${port}/js");
display(1)
\`\`\`

\`\`\`ts typed
const typed: number = (localStorage.setItem("canary", "ts"), 2)
\`\`\`

\`\`\`input slider
(localStorage.setItem("canary", "input"), Inputs.range([0, 1]))
\`\`\`

\`\`\`html frame
<script>parent.localStorage.setItem("canary", "frame")</script>
<img src="http://127.0.0.1:${port}/img">\${localStorage.setItem("canary", "hole")}
\`\`\`

\`\`\`sql live
select 1 as one
\`\`\`

\`\`\`sql kept asset
select 2 as two
\`\`\`
`;

let workspace: string;
let server: ChildProcess;
let browser: Browser;
let page: Page;
let file: string;
const asked: string[] = [];
const elsewhere = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.end();
});

beforeAll(async () => {
  workspace = await temporaryFolder("trust");
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  file = join(workspace, "notebooks", "gift.md");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(file, cells((elsewhere.address() as AddressInfo).port));
  server = startKaryon(workspace, "start", "--no-open", "--no-demo");
  const address = await addressOf(server);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  await page.goto(`${address}&notebook=gift.md`);
  await page.waitForSelector(".trust-banner");
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server.kill();
  elsewhere.close();
});

const canary = (): Promise<string | null> => page.evaluate(() => localStorage.getItem("canary"));
const statesOf = (): Promise<(string | null)[]> =>
  page
    .locator("article.cell:not(.prose-cell)")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-state")));

test("opened, scrolled and searched it runs nothing, in the page or in a kernel", async () => {
  expect(await statesOf()).toEqual(Array.from({ length: 6 }, () => "untrusted"));
  await page.keyboard.press("End");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("kept");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.waitForSelector(".trust-banner");
  const said = await page.locator(".trust-banner").innerText();
  expect(said).toContain("Opened from elsewhere: nothing of it has run.");
  expect(said).toMatch(
    /It would run code in this page \(4 cells\), .*frame \(1 cell\), and run SQL \(2 cells\)\. It names the address 127\.0\.0\.1/,
  );
  expect(await page.locator("article.prose-cell").first().innerText()).toContain("${localStorage");
  // Asked for, it is refused too.
  await page.locator("#cell-kept").focus();
  await page.keyboard.press("r");
  await page.keyboard.press("r");
  await page.waitForSelector("#cell-kept .error-card >> text=not run: gift.md was written elsewhere");
  expect([await canary(), asked, (await page.title()) === "canary"]).toEqual([null, [], false]);
  expect(await page.locator("main iframe").count()).toBe(0);
  expect((await karyonJson<{ runs: unknown[] }>(workspace, "run", "list")).runs).toEqual([]);
}, 60_000);

test("one key lets it run, and then every mark is there: the test can fail", async () => {
  await page.locator("#cell-kept").focus();
  await page.keyboard.press("Shift+T");
  await page.waitForSelector(".trust-banner", { state: "detached" });
  await until(async () => (await canary()) !== null);
  await page.waitForSelector("#cell-live [role=gridcell]");
}, 60_000);

test("changed in another program it stops, says what changed, and goes on after one press", async () => {
  await until(async () => !(await page.locator("[data-live=pending]").count()));
  await page.evaluate(() => localStorage.removeItem("canary"));
  const text = await readFile(file, "utf8");
  await writeWhole(
    file,
    text.replace("const typed: number = (localStorage", "const typed: number = (window.localStorage"),
  );
  await page.waitForSelector(".trust-banner");
  expect(await page.locator("main").innerText()).not.toContain("from elsewhere");
  await page.locator(".trust-banner summary").click();
  const changes = page.locator(".trust-change");
  expect(await changes.count()).toBe(1);
  expect(await changes.innerText()).toMatch(/typed[^]*− const typed[^]*\+ const typed: number = \(window\./);
  expect(await canary()).toBeNull();
  await page.getByRole("button", { name: "Trust this notebook" }).click();
  await page.waitForSelector(".trust-banner", { state: "detached" });
  await until(async () => (await canary()) !== null);
}, 60_000);
