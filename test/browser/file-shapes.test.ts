/** Every cell of the notebooks that ship, as the page shows it, over files that state different things. */
import { cp, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/chromium.ts";
import { fileOfShape } from "../support/file-shapes.ts";
import type { FileShape } from "../support/file-shapes.ts";
import { addressOf, karyon, temporaryFolder } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
const NO_QUALITY = "Of no call does this file state a quality (QUAL).";
const NO_SUBSTITUTION = "No call of one base for another is of this quality.";
const NO_READS =
  "Of no heterozygous call of this quality does this file state eight reads or more of its alleles (AD).";
const NO_DEPTH = "Of no call of this quality does this file state a number of reads (DP).";
/** What is said in place of a picture. */
const SAID: readonly (readonly [FileShape, readonly string[]])[] = [
  ["gvcf", []],
  ["chip", [NO_QUALITY, NO_READS, NO_DEPTH]],
  ["text-fields", [NO_READS, NO_DEPTH]],
  ["poor", [NO_QUALITY, NO_SUBSTITUTION, NO_READS, NO_DEPTH]],
  ["sites", [NO_QUALITY, NO_SUBSTITUTION, NO_READS, NO_DEPTH]],
];
const ALL_MODULES = "longevitymap, lipidmetabolism, vo2max, superhuman, coronary";
/** What the cells of the variants and of the annotations say. */
const TOLD: Readonly<Partial<Record<FileShape, readonly string[]>>> = {
  poor: [
    "⚠ one rule removes nearly all records: it may not suit this file · min_qual removes 5 of 5 records: QUAL is 0 throughout · the rules are in quality_filters_config",
    `${ALL_MODULES} could not be looked for: the file does not say, or a quality rule removed, which alleles there are at any of the sites`,
  ],
  sites: [
    "⚠ the file states no genotypes: no module can be read",
    `${ALL_MODULES} skipped: the file states no genotypes`,
  ],
};
/** The cell that stands there to show that one bad cell stops no other. */
const MEANT = /^Disabled|^blocked: upstream cell switched_off/;

async function served(): Promise<string> {
  const workspace = await temporaryFolder("shapes");
  await cp(SHIPPED, `${workspace}/notebooks`, { recursive: true });
  const url = await addressOf(startServer(workspace));
  for (const [shape] of SAID) {
    const vcf = `${workspace}/${shape}.vcf`;
    const partition = `shape/${shape}`;
    await writeFile(vcf, fileOfShape(shape));
    for (const words of [
      ["partitions", "add", partition, "--vcf", vcf],
      [
        "asset",
        "materialize",
        "--select",
        "notebook:personal-genome.md, notebook:welcome.md, notebook:export-vcf.md",
        "--partition",
        partition,
      ],
    ]) {
      const { code, stderr } = await karyon(workspace, ...words);
      if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
    }
  }
  return url;
}

interface Shown {
  /** How many cells that compute show nothing. */
  readonly silent: number;
  readonly troubles: readonly string[];
  readonly notes: readonly string[];
}

/** What a notebook shows of a sample, once every cell has settled. */
async function shown(page: Page, url: string, notebook: string, shape: FileShape): Promise<Shown> {
  await page.goto(new URL(`/?notebook=${notebook}&partition=shape/${shape}`, url).href);
  await page.waitForSelector("article.cell[data-kind]:not(.prose-cell)");
  await page.waitForFunction(
    () => document.querySelector("[data-live=pending], [data-live=waiting], [aria-busy=true]") === null,
  );
  return page.evaluate(() => {
    const texts = (selector: string): string[] =>
      [...document.querySelectorAll<HTMLElement>(selector)].map((one) => one.innerText.trim());
    const silent = [...document.querySelectorAll("article.cell:not(.prose-cell)")].filter(
      (cell) => cell.querySelector("[data-live=cell], [data-live=table]") === null,
    );
    return {
      silent: silent.length,
      troubles: texts(".error-card, [data-live=error], .notice, [data-state=failed]"),
      notes: texts(".stage > p, .stage > div > p, .output-note"),
    };
  });
}

test("no cell of a notebook that ships fails, whatever the file states; what it does not state is said", async () => {
  const url = await served();
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(url);
  for (const [shape, said] of SAID) {
    const explored = await shown(page, url, "explore-variants.md", shape);
    expect.soft(explored.silent, shape).toBe(0);
    expect.soft(explored.troubles, shape).toEqual([]);
    expect.soft(explored.notes, shape).toEqual(expect.arrayContaining([...said]));
    for (const notebook of ["welcome.md", "personal-genome.md", "export-vcf.md"]) {
      const other = await shown(page, url, notebook, shape);
      const troubles = other.troubles.filter((text) => !MEANT.test(text));
      const expected = (notebook === "personal-genome.md" ? TOLD[shape] : undefined) ?? [];
      expect.soft(troubles, `${notebook} of ${shape}`).toEqual(expected);
    }
  }
  expect(problems).toEqual([]);
}, 240_000);
