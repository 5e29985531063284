/** Kernels that die, are stopped and are started again, in a real browser over a real server. */
import type { ChildProcess } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import { openContext } from "../support/chromium.ts";
import { addressOf, childrenOf, karyon, temporaryFolder } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const NOTEBOOK = `\`\`\`sql numbers asset
select i::integer as n from range(100) a(i)
\`\`\`

\`\`\`sql heavy asset
select count(*)::integer as n from range(1000000000000) a(i), numbers
\`\`\`

\`\`\`sql aside asset
select 1 as one
\`\`\`

\`\`\`sql live
select 1 as one
\`\`\`
`;

interface Served {
  readonly server: ChildProcess;
  readonly page: Page;
}

async function served(): Promise<Served> {
  const workspace = await temporaryFolder("kernels");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(join(workspace, "notebooks/slow.md"), NOTEBOOK);
  const trusted = await karyon(workspace, "notebook", "trust", "slow.md");
  if (trusted.code !== 0) throw new Error(trusted.stderr);
  const server = startServer(workspace);
  const url = await addressOf(server);
  const context = await openContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.waitForSelector("#cell-live [data-live=table]");
  return { server, page };
}

/** Kills every kernel of a server; false where the system does not tell which they are. */
async function killKernels(server: ChildProcess): Promise<boolean> {
  const kernels = await childrenOf(server);
  if (process.platform === "linux") expect(kernels).not.toEqual([]);
  for (const kernel of kernels) process.kill(kernel, "SIGKILL");
  return kernels.length > 0;
}

test("a run is stopped at once; a kernel that dies is named on its cell, which keeps its table and runs again", async () => {
  const { server, page } = await served();
  await page.click("[aria-label='Run heavy']");
  await page.waitForSelector("#cell-heavy[data-state=running]");
  await page.waitForSelector("#cell-numbers[data-state=fresh]");
  await page.click("[aria-label='Stop heavy']");
  await page.waitForSelector("#cell-heavy[data-state=cancelled]");

  await page.click("[aria-label='Run heavy']");
  await page.waitForSelector("#cell-heavy[data-state=running]");
  // The first death is made good in another kernel.
  if (!(await killKernels(server))) return;
  await page.waitForSelector("footer [data-kernel=died], footer [data-kernel=off]");
  await page.waitForTimeout(3_000);
  expect(await page.getAttribute("#cell-heavy", "data-state")).toBe("running");
  await killKernels(server);
  await page.waitForSelector("#cell-heavy[data-state=killed]");
  expect(await page.textContent("#cell-heavy .error-card")).toContain(
    "the kernel was killed from outside (SIGKILL)",
  );
  expect(await page.getAttribute("#cell-numbers", "data-state")).toBe("fresh");
  await page.click("#cell-heavy .error-card >> text=Retry");
  await page.waitForSelector("#cell-heavy[data-state=running]");

  await page.focus("#cell-live");
  await page.keyboard.press("0");
  await page.keyboard.press("0");
  await page.waitForSelector("footer [data-kernel=idle]");
  await page.waitForSelector("#cell-live [data-live=table]");
  expect(await page.getAttribute("#cell-heavy", "data-state")).toBe("running");
}, 120_000);

test("a run that waits for another says so on its cell and on the page of runs, and begins when that one stops", async () => {
  const { page } = await served();
  await page.click("[aria-label='Run heavy']");
  await page.waitForSelector("#cell-heavy[data-state=running]");
  // By the key: what heavy says while it begins moves the button from under a pointer.
  await page.press("[aria-label='Run aside']", "Enter");
  await page.waitForSelector("#cell-aside[data-state=queued]");
  await page.locator("#cell-aside .facts").getByText("waits for run 1").waitFor();
  await page.focus("#cell-aside");
  await page.keyboard.press("Control+j");
  const waiting = page.locator("details.run-row", { hasText: "run 2" });
  await waiting.getByText("waits for run 1").waitFor();
  expect(await waiting.locator(".row-word").first().innerText()).toBe("waiting");
  await page.keyboard.press("Control+j");
  await page.click("[aria-label='Stop heavy']");
  await page.waitForSelector("#cell-aside[data-state=fresh]");
}, 120_000);

test("the second press of a double click on Run is none on the Stop that takes its place", async () => {
  const { page } = await served();
  for (const [run, stop] of [
    ["header button.run-page", "[aria-label='Stop what runs']"],
    ["[aria-label='Run heavy']", "[aria-label='Stop heavy']"],
  ] as const) {
    // As far apart as people's presses: Stop is there before the second one.
    await page.dblclick(run, { delay: 100 });
    await page.waitForSelector("#cell-heavy[data-state=running]");
    await page.waitForTimeout(500);
    expect(await page.getAttribute("#cell-heavy", "data-state")).toBe("running");
    await page.click(stop);
    await page.waitForSelector("#cell-heavy[data-state=cancelled]");
  }
}, 120_000);

test("Stop, pressed a third time at once, offers to kill what does not stop", async () => {
  const { server, page } = await served();
  await page.click("[aria-label='Run heavy']");
  await page.waitForSelector("#cell-heavy[data-state=running]");
  const kernels = await childrenOf(server);
  // What is suspended hears of no stop.
  for (const kernel of kernels) process.kill(kernel, "SIGSTOP");
  if (kernels.length === 0) return;
  await page.focus("#cell-heavy");
  await page.keyboard.press("Control+.");
  await page.waitForSelector("#cell-heavy[data-state=stopping]");
  await page.keyboard.press("Control+.");
  await page.keyboard.press("Control+.");
  await page.waitForSelector("dialog[open] >> text=Asked to stop and still at work: 1 run");
  await page.click("dialog[open] >> text=Kill");
  await page.waitForSelector("#cell-heavy[data-state=cancelled]");
}, 120_000);
