/** Reliability over the death of the server: an open tab goes on with the one that is started next. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/chromium.ts";
import { freePort } from "../support/free-port.ts";
import { addressOf, childrenOf, endOf, karyon, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const NOTEBOOK = `# Restart

\`\`\`input n
Inputs.range([1, 100], {value: 7, step: 1, label: "n"})
\`\`\`

\`\`\`sql numbers asset
select i::integer as i from range(100) a(i)
\`\`\`

\`\`\`sql few
select i from numbers where i < \${n}
\`\`\`

\`\`\`sql endless asset
select count(*)::integer as n from range(1000000000000) a(i), numbers
\`\`\`
`;

/** Names of the files that the page has fetched, without their hashes, which may have a dash in them. */
function fetched(): string[] {
  return performance
    .getEntriesByType("resource")
    .map(({ name }) => name.replace(/^.*\//, "").replace(/-.{8}\.\w+$/, ""));
}

test("two open tabs are back within seconds of a kill and a start, with cells, results, inputs, typing and undo", async () => {
  const workspace = await temporaryFolder("restart");
  const file = join(workspace, "notebooks/restart.md");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(file, NOTEBOOK);
  expect((await karyon(workspace, "notebook", "trust", "restart.md")).code).toBe(0);
  const first = startServer(workspace, "--port", String(await freePort()));
  const address = await addressOf(first);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(address);
  const other = await context.newPage();
  await other.goto(new URL("/", address).href);
  await other.waitForSelector("#cell-numbers");

  await page.click("[aria-label='Run numbers']");
  await page.waitForSelector("#cell-numbers[data-state=fresh]");
  await page.fill("#cell-n input[type=number]", "12");
  const few = page.locator("#cell-few [role=grid]");
  await until(async () => (await few.getAttribute("aria-rowcount")) === "13");
  await page.click("[aria-label='Run endless']");
  await page.waitForSelector("#cell-endless[data-state=running]");
  // Of the keys that the server keeps, those of these tabs; of secrets, none.
  await until(
    async () =>
      (JSON.parse(await readFile(join(workspace, ".karyon/tabs.json"), "utf8")) as string[]).length === 2,
  );

  // Fetched while the page was idle, for a cell that is first edited while nobody serves it.
  await until(
    async () => (await page.evaluate(fetched)).filter((name) => name === "editor-chunk").length === 2,
  );
  const kernels = await childrenOf(first);
  const died = endOf(first);
  first.kill("SIGKILL");
  await died;
  // What computes for nobody ends, in the middle of a query too.
  await until(() => kernels.every((pid) => !existsSync(`/proc/${pid}`)));
  await page.waitForSelector("footer >> text=disconnected");
  // What is typed meanwhile waits on the page.
  await page.focus("#cell-few");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#cell-few .editor .view-line");
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" and i > 1");
  // Long enough for the page to try seldom.
  await page.waitForTimeout(4_000);

  const second = startServer(workspace);
  const anew = await addressOf(second);
  expect(new URL(anew).port).toBe(new URL(address).port);
  expect(new URL(anew).search).not.toBe(new URL(address).search);
  await page.waitForSelector("footer >> text=/^● connected/");
  await other.waitForSelector("footer >> text=/^● connected/");

  expect(await page.getAttribute("#cell-numbers", "data-state")).toBe("fresh");
  await page.locator("#cell-numbers [role=grid]").waitFor();
  await page.waitForSelector("#cell-endless >> text=the process that made it ended");
  await until(async () => (await few.getAttribute("aria-rowcount")) === "11");
  await until(async () => (await readFile(file, "utf8")).includes("where i < ${n} and i > 1"));
  await other.waitForSelector("#cell-few >> text=and i > 1");
  await page.keyboard.press("Escape");
  await page.focus("#cell-few");
  await page.keyboard.press("z");
  await until(async () => (await readFile(file, "utf8")) === NOTEBOOK);
  await page.goto(new URL("/#/runs", address).href);
  await page.reload();
  await page.waitForSelector("text=interrupted");

  // The old address is dead, and a browser that was never let in stays out.
  const stranger = await (await browser.newContext()).newPage();
  for (const way of [address, new URL("/", address).href]) {
    await stranger.goto(way);
    expect(await stranger.textContent("h1")).toBe("This workspace is locked");
  }
}, 180_000);

test("a tab that is older than the server that is started next says so, and loads its page", async () => {
  const workspace = await temporaryFolder("updated");
  const first = startServer(workspace, "--port", String(await freePort()));
  const address = await addressOf(first);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  // Only a tab whose key the server has comes back to the next one.
  const known = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/tabs");
  await page.goto(address);
  await page.waitForSelector("[id^=cell-]");
  await known;
  const restarted = async (running: typeof first): Promise<typeof first> => {
    const died = endOf(running);
    running.kill("SIGKILL");
    await died;
    await page.waitForSelector("footer >> text=disconnected");
    const next = startServer(workspace);
    await addressOf(next);
    await page.waitForSelector("footer >> text=/^● connected/");
    return next;
  };
  const looked = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/");
  const second = await restarted(first);
  await (await looked).finished();
  expect(await page.locator("footer >> text=Karyon was updated").count()).toBe(0);

  const root = new URL("/", address).href;
  // As if it had been built from other sources, which the bundler names otherwise.
  await page.route(root, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      body: (await answer.text()).replace(/index-[\w-]+\.js/, "index-new.js"),
    });
  });
  await restarted(second);
  const load = page.getByRole("button", { name: "Load the new page" });
  await load.waitFor();
  await page.unroute(root);
  await load.click();
  await page.waitForSelector("footer >> text=/^● connected/");
  expect(await page.locator("footer >> text=Karyon was updated").count()).toBe(0);
}, 180_000);
