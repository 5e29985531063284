/** From a row of a table to the line of the genome file, in a real browser. */
import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { seriousFindings } from "../support/axe.ts";
import { openBrowser } from "../support/chromium.ts";
import { NOTEBOOK, VCF } from "../support/genome.ts";
import { addressOf, endOf, karyon, startKaryon, temporaryFolder, until } from "../support/karyon.ts";

const PERSON = "anna/s";
const ANNOTATIONS = "user_hf_module_annotations";
const REPORT = `
\`\`\`yaml my_report report
annotations: ${ANNOTATIONS}
template: longevity
\`\`\`
`;
/** Of the record that the first row of the annotations is from. */
const LINE = VCF.split("\n").find((line) => line.includes("\trs11\t")) ?? "";

let workspace: string;
let page: Page;
let stop: () => Promise<void>;
const problems: string[] = [];
/** Addresses that were asked for: no line, and no genotype, is in any of them. */
const asked: string[] = [];

beforeAll(async () => {
  workspace = await temporaryFolder("trace");
  await mkdir(join(workspace, "notebooks"));
  await writeFile(join(workspace, "notebooks", "genome.md"), NOTEBOOK + REPORT);
  const templates = new URL("../../notebooks/reports", import.meta.url);
  await cp(templates, join(workspace, "notebooks", "reports"), { recursive: true });
  await writeFile(join(workspace, "genome.vcf"), VCF);
  for (const words of [
    ["partitions", "add", PERSON, "--vcf", join(workspace, "genome.vcf")],
    ["notebook", "trust", "genome.md"],
    ["asset", "materialize", "--select", `${ANNOTATIONS} or my_report`, "--partition", PERSON],
  ]) {
    const { code, stderr } = await karyon(workspace, ...words);
    if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
  }
  const server = startKaryon(workspace, "start", "--no-open", "--no-demo");
  const ended = endOf(server);
  const url = await addressOf(server);
  const browser = await openBrowser();
  stop = async () => {
    await browser.close();
    server.kill();
    await ended;
  };
  page = await browser.newPage({ viewport: { width: 1300, height: 900 } });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  await grid().waitFor();
}, 120_000);
afterAll(() => stop());

function grid(): Locator {
  return page.getByRole("grid", { name: `rows of ${ANNOTATIONS}` });
}

function dialog(): Locator {
  return page.getByRole("dialog", { name: "Where the rows at 1:1000 are from" });
}

/** Opens the first row, and from it where it is from, by the keyboard alone. */
async function openTrace(): Promise<void> {
  await grid().focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press(" ");
  const button = page.getByRole("button", { name: "Where is it from?" });
  await button.waitFor();
  for (let presses = 0; presses < 10; presses += 1) {
    if (await button.evaluate((one) => one === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  // Space presses the button, and does not close the row as it does beside it.
  await page.keyboard.press(" ");
  await dialog().waitFor();
}

test("a row opens whole by the mouse too", async () => {
  const cell = grid().locator("[role=gridcell]").first();
  const detail = page.locator(".row-detail");
  await cell.dblclick();
  await detail.waitFor();
  await page.keyboard.press("Escape");
  await detail.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Open row 1" }).click();
  await detail.waitFor();
  expect(await page.getByRole("button", { name: "Open row 1" }).count()).toBe(0);
  await page.keyboard.press("Escape");
  await detail.waitFor({ state: "detached" });
});

test("a row leads to what its candidates came to, and to the line when it is asked for", async () => {
  await openTrace();
  const rows = dialog().locator(".trace-rows tbody tr");
  await rows.waitFor();
  expect(await rows.allInnerTexts()).toEqual([
    expect.stringMatching(/^A\/G\s+−0\.80\s+matched: by position, reference allele and genotype$/),
  ]);
  expect(await dialog().textContent()).not.toContain(LINE);
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  const line = dialog().locator(".trace-lines pre");
  await line.waitFor();
  expect(await line.textContent()).toBe(LINE);
  expect(await dialog().locator(".trace-lines p").first().textContent()).toBe(
    `genome.vcf, line ${VCF.split("\n").indexOf(LINE) + 1}`,
  );
  expect(await seriousFindings(page, ["dialog.sheet"])).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  expect(
    await page.evaluate(() => document.activeElement?.textContent),
    "the focus goes back to where it came from",
  ).toBe("Where is it from?");
  expect(problems).toEqual([]);
});

test("a file that is gone is told of, and what was read from it is still there", async () => {
  await rename(join(workspace, "genome.vcf"), join(workspace, "away.vcf"));
  await page.getByRole("button", { name: "Where is it from?" }).click();
  await dialog().getByRole("button", { name: "Show the lines of the file" }).click();
  await dialog().getByText("Could not look into genome.vcf: it is not where it was").waitFor();
  expect(await dialog().locator(".trace-records").textContent()).toContain("kept: read as A/G");
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await rename(join(workspace, "away.vcf"), join(workspace, "genome.vcf"));
});

test("a row of the report leads there too, by the keyboard, and the report is believed nothing else", async () => {
  const report = page.frameLocator("#cell-my_report iframe");
  const row = report.locator("[data-site='1:1000']");
  await row.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  const button = row.getByRole("button", { name: "Where is it from?" });
  await button.waitFor();
  await row.locator(".studies > summary").focus();
  await page.keyboard.press("Tab");
  expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  await dialog().locator(".trace-rows tbody tr").waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("IFRAME");
  expect(await button.evaluate((one) => one === document.activeElement && document.hasFocus())).toBe(true);

  // What is no site, and who is no report.
  await button.evaluate(() => parent.postMessage({ karyon: "trace", site: "<b>Log in</b>" }, "*"));
  await page.evaluate(() => postMessage({ karyon: "trace", site: "1:1000" }, "*"));
  // Heard after them.
  await button.evaluate(() => parent.postMessage({ karyon: "trace", site: "rs12" }, "*"));
  const other = page.locator("dialog.sheet");
  await other.waitFor();
  expect(await other.getAttribute("aria-label")).toBe("Where the rows at rs12 are from");
  await page.keyboard.press("Escape");
  await other.waitFor({ state: "detached" });

  await button.focus();
  await page.keyboard.press("Escape");
  await until(async () => (await page.evaluate(() => document.activeElement?.id)) === "cell-my_report");
  expect(problems).toEqual([]);
});

test("a site of which no row is shown is found by its name in the palette", async () => {
  // Out of the row that was looked at, whose keys are its own.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByLabel("Find a command, cell or asset").fill("rs12");
  await page.keyboard.press("Enter");
  const found = page.getByRole("dialog", { name: "Where the rows at rs12 are from" });
  await found.locator(".trace-rows tbody tr").first().waitFor();
  expect(await found.locator(".trace-rows tbody").textContent()).toContain("C/C");
  await page.keyboard.press("Escape");
});

test("an identifier that nobody knows is none found, once the lines were looked at", async () => {
  await page.keyboard.press("Control+k");
  await page.getByLabel("Find a command, cell or asset").fill("rs999");
  await page.keyboard.press("Enter");
  const found = page.getByRole("dialog", { name: "Where the rows at rs999 are from" });
  await found.getByText("Could not look: of records that a rule removed the rsID is not kept").waitFor();
  await found.getByRole("button", { name: "Show the lines of the file" }).click();
  await found.getByText("No line of the file is here.").waitFor();
  expect(await found.textContent()).not.toContain("Could not look");
  await page.keyboard.press("Escape");
});

test("nothing of a line is in an address, the title or an exported notebook", async () => {
  expect(asked.filter((url) => /1000|rs11|A\/G|1\|0/.test(decodeURIComponent(url)))).toEqual([]);
  expect(await page.title()).not.toMatch(/1000|rs11/);
  const out = join(workspace, "genome.html");
  const { code } = await karyon(
    workspace,
    "notebook",
    "export",
    "genome.md",
    "--partition",
    PERSON,
    "--out",
    out,
  );
  expect(code).toBe(0);
  const exported = await readFile(out, "utf8");
  expect(exported).toContain("1000");
  expect(exported).not.toContain("GT:DP:AD\t1|0");
  expect(exported).not.toContain("Where is it from?");
});
