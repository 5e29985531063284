/** The page over the real server and kernels, from the first start of an empty workspace. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ChildProcess } from "node:child_process";

import { seriousFindings } from "../support/axe.ts";
import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyonJson, startKaryon, temporaryFolder, until } from "../support/karyon.ts";

const NOTEBOOK = "?notebook=personal-genome.md";
const ANNOTATIONS = "#cell-user_hf_module_annotations";
const REPORT = "#cell-user_longevity_report";

let workspace: string;
let server: ChildProcess;
let browser: Browser;
let entrance: string;
let page: Page;

beforeAll(async () => {
  workspace = await temporaryFolder("samples");
  server = startKaryon(workspace, "start", "--no-open");
  entrance = await addressOf(server);
  browser = await openBrowser();
  page = await newPage(NOTEBOOK);
  // Before one's eyes it becomes what each test begins with.
  await reaches(page, REPORT, "fresh");
}, 180_000);

afterAll(async () => {
  await browser?.close();
  server.kill();
});

async function newPage(query: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const opened = await context.newPage();
  await opened.goto(entrance);
  await opened.goto(new URL(`/${query}`, entrance).href);
  return opened;
}

async function reaches(at: Page, cell: string, state: string): Promise<void> {
  await at.waitForSelector(`${cell}[data-state="${state}"]`, { timeout: 90_000 });
}

test("the first start makes the demo genome before one's eyes, and everything is fresh at the end", async () => {
  await reaches(page, ANNOTATIONS, "fresh");
  await page.waitForSelector(`${ANNOTATIONS} [role=gridcell] >> text=/^rs\\d+$/`);
  const foot = await page.locator(`${ANNOTATIONS} .output-foot`).innerText();
  expect(foot).toMatch(/rows 1–\d+ of \d+, exact/);
}, 180_000);

test("the report shows its title inside its sandbox", async () => {
  const frame = page.locator(`${REPORT} iframe`);
  expect(await frame.getAttribute("sandbox")).not.toContain("allow-same-origin");
  await page.frameLocator(`${REPORT} iframe`).locator("h1").first().waitFor();
}, 120_000);

test("the list of samples gives the focus back: to the cell whose key opened it, to its button after a click", async () => {
  const isFocused = (element: Locator): Promise<void> =>
    until(() => element.evaluate((one) => one === document.activeElement));
  const cell = page.locator(ANNOTATIONS);
  const button = page.locator(".sample-switch button");
  for (const [opens, back] of [
    [() => page.keyboard.press("p"), cell],
    [() => button.click(), button],
  ] as const) {
    await cell.focus();
    await opens();
    await isFocused(page.getByRole("option").first());
    await page.keyboard.press("Escape");
    await isFocused(back);
  }
}, 60_000);

test("a sort and a filter are the kernel's, and the number of rows left is exact", async () => {
  const grid = page.locator(`${ANNOTATIONS} [role=grid]`).first();
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("s");
  await page.waitForSelector(`${ANNOTATIONS} [role=columnheader][aria-sort=ascending]`);
  await page.locator(`${ANNOTATIONS} input[aria-label^="go to"]`).first().fill("chr1:1-250M");
  await page.keyboard.press("Enter");
  await page.waitForSelector(`${ANNOTATIONS} .chip >> text=chrom is “1”`);
  const foot = page.locator(`${ANNOTATIONS} .output-foot`).first();
  await until(async () => /· \d+ of \d+, exact/.test(await foot.innerText()));
  const chroms = page.locator(`${ANNOTATIONS} [role=gridcell][aria-colindex="4"]`);
  await chroms.first().waitFor();
  expect(new Set(await chroms.allInnerTexts())).toEqual(new Set(["1"]));
  await page.getByRole("button", { name: "Clear all" }).click();
}, 120_000);

test("another sample moves the whole notebook, and its rows are its own", async () => {
  const vcf = join(workspace, "small.vcf");
  const head = ["##fileformat=VCFv4.2", '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">'];
  const columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1";
  await writeFile(vcf, [...head, columns, "1\t1000\trs1\tA\tG\t50\tPASS\t.\tGT\t0/1", ""].join("\n"));
  await karyonJson(workspace, "partitions", "add", "anna/small", "--vcf", vcf);
  await page.locator(".sample-switch button").click();
  await page.keyboard.type("anna");
  await page.keyboard.press("Enter");
  await page.waitForURL(/partition=anna\/small/);
  await reaches(page, ANNOTATIONS, "missing");
  expect(await page.locator(`${ANNOTATIONS} [role=gridcell]`).count()).toBe(0);
  await page.locator(".sample-switch button").click();
  await page.keyboard.type("demo");
  await page.keyboard.press("Enter");
  await reaches(page, ANNOTATIONS, "fresh");
  await page.waitForSelector(`${ANNOTATIONS} [role=gridcell] >> text=/^rs\\d+$/`);
}, 120_000);

test("a reload in the middle of a run and a second tab see the run to its end", async () => {
  const second = await newPage(`${NOTEBOOK}&partition=demo/genome`);
  await reaches(second, ANNOTATIONS, "fresh");
  const out = join(workspace, "second.vcf.gz");
  await karyonJson(workspace, "synth", "--records", "200000", "--seed", "3", "--out", out);
  await karyonJson(workspace, "partitions", "add", "demo/genome", "--vcf", out);
  // A page that opens has its files looked at; both are told what was seen.
  await second.reload();
  for (const tab of [page, second]) await tab.waitForSelector(`${REPORT}[data-state^="stale"]`);
  await page.getByRole("button", { name: /^Run stale/ }).click();
  await second.waitForSelector('[data-state="running"]');
  await page.reload();
  for (const tab of [page, second]) await reaches(tab, REPORT, "fresh");
  const facts = (tab: Page): Promise<string> =>
    tab.locator(`${ANNOTATIONS} .output-foot`).first().innerText();
  await until(async () => (await facts(page)) === (await facts(second)));
  await second.context().close();
}, 180_000);

test("the pages beside the notebook show what is there, and leave the notebook as it was", async () => {
  for (const [name, wanted] of [
    ["Samples", "demo / genome"],
    ["Runs", "user_longevity_report"],
    ["Assets", "user_vcf_normalized"],
    ["Modules", "longevitymap"],
    ["Notebooks", "personal-genome.md"],
  ] as const) {
    await page.getByRole("navigation", { name: "page" }).getByRole("button", { name, exact: true }).click();
    await page.locator(".work-page").getByText(wanted, { exact: false }).first().waitFor();
  }
  await page.goBack();
  await page.locator(".work-page h2", { hasText: "Modules" }).waitFor();
  await page.getByRole("button", { name: "Notebook", exact: true }).click();
  await reaches(page, REPORT, "fresh");
}, 60_000);

test.each(["light", "dark"] as const)(
  "axe finds nothing serious on any page, %s",
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const found: string[] = [];
    for (const section of ["notebooks", "samples", "runs", "assets", "modules", "lineage"]) {
      await page.goto(new URL(`/${NOTEBOOK}#/${section}`, entrance).href);
      await page.locator(".work-page h2").waitFor();
      await page.locator(".work-page >> text=/^Reading/").first().waitFor({ state: "detached" });
      found.push(...(await seriousFindings(page)).map((one) => `${section} ${one}`));
    }
    for (const notebook of ["personal-genome", "welcome", "explore-variants", "ensembl"]) {
      await page.goto(new URL(`/?notebook=${notebook}.md&partition=demo/genome`, entrance).href);
      await page.locator("article.cell").first().waitFor();
      await page.locator("[data-live=pending], [data-live=waiting]").first().waitFor({ state: "detached" });
      found.push(...(await seriousFindings(page)).map((one) => `${notebook} ${one}`));
    }
    expect(found).toEqual([]);
  },
  180_000,
);
