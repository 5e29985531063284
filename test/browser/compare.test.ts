/** Versions of a result in a real browser: compared, shown as they were, and what other weights would move. */
import { mkdir, readFile, writeFile } from "node:fs/promises";

import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "../support/chromium.ts";
import { NOTEBOOK, VCF } from "../support/genome.ts";
import { addressOf, endOf, karyon, startKaryon, temporaryFolder } from "../support/karyon.ts";

const PERSON = "anna/s";
const ANNOTATIONS = "user_hf_module_annotations";
/** Few columns, all of which are in sight. */
const WEIGHTS = `
\`\`\`sql weights asset
select rsid, weight from ${ANNOTATIONS}
\`\`\`

Words of then.

\`\`\`sql lightest
select min(weight) as least, 'of then' as said from weights
\`\`\`
`;

let workspace: string;
let page: Page;
let stop: () => Promise<void>;
const problems: string[] = [];

beforeAll(async () => {
  workspace = await temporaryFolder("compare");
  await mkdir(`${workspace}/notebooks`);
  const notebook = `${workspace}/notebooks/genome.md`;
  await writeFile(notebook, NOTEBOOK + WEIGHTS);
  await writeFile(`${workspace}/genome.vcf`, VCF);
  await run("partitions", "add", PERSON, "--vcf", `${workspace}/genome.vcf`);
  await run("notebook", "trust", "genome.md");
  await run("asset", "materialize", "--select", "weights", "--partition", PERSON);
  const text = await readFile(notebook, "utf8");
  await writeFile(notebook, text.replace("weight: -0.8", "weight: -1.5").replaceAll("of then", "of now"));
  await run("asset", "materialize", "--select", "weights", "--partition", PERSON);
  await run("notebook", "trust", "genome.md");
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
  await page.goto(url);
  await cell().waitFor();
}, 120_000);
afterAll(() => stop());

async function run(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await karyon(workspace, ...words);
  if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
}

function cell(name = ANNOTATIONS): Locator {
  return page.locator(`article[aria-label^="${name}"]`);
}

/** Goes to the cell and presses a pair of keys. */
async function press(first: string, second: string, name = ANNOTATIONS): Promise<void> {
  await cell(name).locator(".cell-name").click();
  await page.keyboard.press(first);
  await page.keyboard.press(second);
}

test("v d says what moved between the last two versions", async () => {
  await press("v", "d");
  const dialog = page.getByRole("dialog", { name: `What is different in ${ANNOTATIONS}` });
  const row = dialog.locator(".diff-rows tbody tr");
  await row.waitFor();
  expect(await row.count()).toBe(1);
  expect(await row.innerText()).toMatch(/changed[\s\S]*rs11[\s\S]*weight −0\.80 → −1\.50/);
  expect(await dialog.locator(".diff-modules tbody tr").innerText()).toMatch(/panel[\s\S]*−0\.30\s+−1\.00/);
  await page.keyboard.press("Escape");
});

test("what was made only once is said to be so, and nobody is asked", async () => {
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) refused.push(response.url());
  });
  await press("v", "d", "user_vcf_normalized");
  const dialog = page.getByRole("dialog", { name: "What is different in user_vcf_normalized" });
  await dialog.getByText("It was made only once").waitFor();
  await page.keyboard.press("Escape");
  expect(refused).toEqual([]);
});

test("v h shows a version as it was, with what can be said of it, and leads back", async () => {
  await press("v", "h", "weights");
  const versions = page.locator(".versions > li");
  await versions.nth(1).waitFor();
  expect(await versions.first().innerText()).toMatch(/code of\s+panel\s+changed/);
  await page.getByRole("button", { name: /^Show run/ }).click();
  await cell("weights")
    .getByText(/As it was on .* not current/)
    .waitFor();
  await cell("weights")
    .getByText(/^[-−]0\.80*$/)
    .first()
    .waitFor();
  expect(await cell("weights").getAttribute("data-state")).toBe("past");
  await page.getByRole("button", { name: "Show the current weights" }).click();
  await cell("weights")
    .getByText(/^[-−]1\.50*$/)
    .first()
    .waitFor();
});

test("the whole notebook is shown as of a time, words, code and results, which its address keeps", async () => {
  await press("v", "h", "weights");
  await page
    .getByRole("button", { name: /^Show the notebook as of/ })
    .nth(1)
    .click();
  await page.getByRole("region", { name: "as it was" }).waitFor();
  await expect.poll(() => page.url()).toContain("&at=20");
  await page.reload();
  await page.getByRole("region", { name: "as it was" }).waitFor();
  await cell("weights")
    .getByText(/^[-−]0\.80*$/)
    .first()
    .waitFor();
  await page.getByText("Words of then.").waitFor();
  expect(await cell("panel").innerText()).toContain("weight: -0.8");
  // Live SQL is that of then too, over the results of then.
  await cell("lightest").getByText("of then", { exact: true }).waitFor();
  await cell("lightest")
    .getByText(/^[-−]0\.80*$/)
    .waitFor();
  await cell("panel").locator(".code").click();
  await page.getByText("This is as it was: show what is current").waitFor();
  expect(await page.locator(".code.editing").count()).toBe(0);
  await page.getByRole("button", { name: "Show what is current" }).first().click();
  await expect.poll(() => page.url()).not.toContain("&at=");
  await page.getByText("Words of now.").waitFor();
});

test("v w says at once what another weight would move, and throws it away", async () => {
  await press("v", "w");
  const field = page.getByLabel("Find a row");
  await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
  const weights = page.getByLabel(/^weight of /);
  const names = (): Promise<(string | null)[]> =>
    weights.evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  const [before, place] = [await names(), await weights.last().boundingBox()];
  // The last of them, which stays where it is while it is written in.
  await weights.last().fill("-4");
  await page.locator(".fork-mark >> text=changed").last().waitFor();
  expect(await names()).toEqual(before);
  expect((await weights.last().boundingBox())?.x).toBe(place?.x);
  await page.getByRole("button", { name: "Throw it away" }).click();
  await page.getByText("Nothing is changed yet.").waitFor();
  await page.getByLabel("weight of panel rs11 A/G").fill("-3");
  const moved = page.locator(".fork-diff .diff-modules tbody tr");
  await moved.waitFor();
  await expect.poll(() => moved.innerText()).toMatch(/−1\.00\s+−2\.50/);
  await page.getByRole("button", { name: "Throw it away" }).click();
  await page.getByText("Nothing is changed yet.").waitFor();
  await page.keyboard.press("Escape");
});

test("what was written in a fork right before it was left is there again, and what was thrown away is not", async () => {
  const weight = page.getByLabel("weight of panel rs11 A/G");
  const opened = async (): Promise<string> => {
    await press("v", "w");
    return weight.inputValue();
  };
  const left = async (change: () => Promise<void>): Promise<void> => {
    const told = page.waitForResponse(/what-if/);
    await change();
    await page.keyboard.press("Escape");
    await told;
  };
  const before = await opened();
  await left(() => weight.fill("-3"));
  expect(await opened()).toBe("-3");
  await left(() => page.getByRole("button", { name: "Throw it away" }).click());
  expect(await opened()).toBe(before);
  await page.keyboard.press("Escape");
});

test("a fork is written into the cell that the module is, and one key takes it back", async () => {
  await press("v", "w");
  await page.getByLabel("weight of panel rs11 A/G").fill("-3");
  await page.getByRole("button", { name: "Write it into the cell" }).click();
  await page.getByText("Written into panel · z takes it back").waitFor();
  await cell("panel").getByText("-3").first().waitFor();
  await cell("panel").locator(".cell-name").click();
  await page.keyboard.press("z");
  await expect.poll(() => cell("panel").innerText()).toContain("weight: -1.5");
  expect(problems).toEqual([]);
});
