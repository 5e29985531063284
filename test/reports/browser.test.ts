import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { seriousFindings } from "../support/axe.ts";
import { openBrowser } from "../support/chromium.ts";
import { matched, moduleResult, study } from "./annotation-fixture.ts";
import { rendered, smallAnnotations } from "./small-report.ts";

describe("in a browser", () => {
  let browser: Browser;
  let address = "";

  beforeAll(async () => {
    browser = await openBrowser();
    const { html, folder } = await rendered(smallAnnotations());
    const path = join(folder, "longevity_report.html");
    await writeFile(path, html);
    address = pathToFileURL(path).href;
  });

  afterAll(async () => browser.close());

  async function opened(
    options: Parameters<Browser["newPage"]>[0] = {},
  ): Promise<{ page: Page; asked: string[]; said: string[] }> {
    const page = await browser.newPage(options);
    const asked: string[] = [];
    const said: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(address);
    await page.evaluate(async () => document.fonts.ready);
    return { page, asked, said };
  }

  test("the file asks for nothing but itself, and its policy stops nothing of its own", async () => {
    const { page, asked, said } = await opened();
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    expect(asked.filter((url) => !url.startsWith("data:font/woff2"))).toEqual([address]);
    expect(said).toEqual([]);
    expect(
      await page.evaluate(() => [...document.fonts].filter(({ status }) => status === "loaded").length),
    ).toBe(3);
    expect(
      await page.evaluate(() => getComputedStyle(document.querySelector("h1") ?? document.body).fontFamily),
    ).toContain("Source Serif");
    await page.close();
  });

  test("without JavaScript every result can still be opened from the keyboard", async () => {
    const { page } = await opened({ javaScriptEnabled: false });
    const detail = page.locator("#module-coronary details.row-detail").first();
    expect(await detail.locator(".inner").isVisible()).toBe(false);
    await detail.locator("summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await detail.locator(".inner").isVisible()).toBe(true);
    expect(await page.locator("button").first().isVisible()).toBe(false);
    await page.close();
  });

  test.each([320, 360, 1280])("at %i pixels nothing is wider than the page", async (width) => {
    const { page } = await opened({ viewport: { width, height: 700 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });

  test.each([320, 390])("at %i pixels the summary is no wider than the page", async (width) => {
    const { html } = await rendered(smallAnnotations(), "summary");
    const page = await browser.newPage({ viewport: { width, height: 700 } });
    await page.setContent(html);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.close();
  });

  test.each(["longevity", "summary"] as const)("axe finds nothing serious in %s", async (template) => {
    const { html } = await rendered(smallAnnotations(), template);
    const page = await browser.newPage({ viewport: { width: 360, height: 700 } });
    await page.setContent(html);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    expect(await seriousFindings(page)).toEqual([]);
    const heights = await page.$$eval(".rows td > a", (links) =>
      links.map((link) => link.getBoundingClientRect().height),
    );
    for (const height of heights) expect(height).toBeGreaterThanOrEqual(24);
    await page.close();
  });

  test("on paper every row is open, save a sensitive one that was not opened", async () => {
    const { page } = await opened();
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("#module-coronary .row-detail .inner").first().isVisible()).toBe(true);
    expect(await page.locator("tbody.closed .inner").first().isVisible()).toBe(false);
    expect(await page.locator("tbody.closed .print-only").first().isVisible()).toBe(true);
    await page.close();
  });

  test("of hundreds of rows that are open, those far from the screen are not laid out, save on paper", async () => {
    const small = smallAnnotations();
    const rows = Array.from({ length: 300 }, (_, i) => matched({ rsid: `rs${i + 1}`, start: i + 1 }));
    const modules = [moduleResult("coronary", rows)];
    const manifest = { ...small.manifest, modules, disagreements: [] };
    const { html } = await rendered({ ...small, rows, sites: [], manifest });
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    await page.setContent(html);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const laidOut = (): Promise<boolean> =>
      page
        .locator("table.rows tbody")
        .last()
        .evaluate((row) => row.checkVisibility({ contentVisibilityAuto: true }));
    expect(await page.locator("table.rows tbody").count()).toBe(300);
    expect(await laidOut()).toBe(false);
    const last = page.locator("table.rows tbody").last();
    // Again when what lies above has got its true height.
    await expect
      .poll(async () => (await last.evaluate((row) => row.scrollIntoView()), await laidOut()))
      .toBe(true);
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(laidOut).toBe(false);
    await page.emulateMedia({ media: "print" });
    expect(await laidOut()).toBe(true);
    await page.close();
  });

  test("on paper six variants with their evidence and a study are less than a page", async () => {
    const small = smallAnnotations();
    const rsids = Array.from({ length: 60 }, (_, i) => `rs${i + 1}`);
    const rows = rsids.map((rsid) => matched({ rsid, start: Number(rsid.slice(2)) * 1000 }));
    const studies = rsids.map((rsid) => study({ rsid, pmid: `9${rsid.slice(2)}` }));
    const modules = [moduleResult("coronary", rows)];
    const { html } = await rendered({ ...small, rows, studies, manifest: { ...small.manifest, modules } });
    // As wide as A4 without its margins.
    const page = await browser.newPage({ viewport: { width: 673, height: 979 } });
    await page.setContent(html);
    await page.evaluate(async () => document.fonts.ready);
    await page.emulateMedia({ media: "print" });
    const heights = await page
      .locator("table.rows tbody")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    expect(await page.locator(".studies li:visible").count()).toBe(rsids.length);
    expect(6 * Math.max(...heights)).toBeLessThan(979);
    await page.close();
  });

  test("the summary of as many modules as it shows is one page of A4", async () => {
    const small = smallAnnotations();
    const rows = Array.from({ length: 8 }, (_, i) => matched({ module: `module_${i}`, weight: i - 4 }));
    const modules = Array.from({ length: 8 }, (_, i) => moduleResult(`module_${i}`, rows));
    const { html } = await rendered({ ...small, rows, manifest: { ...small.manifest, modules } }, "summary");
    const page = await browser.newPage();
    await page.setContent(html);
    await page.evaluate(async () => document.fonts.ready);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "in the %s theme text has a contrast of 4.5 and more",
    async (colorScheme) => {
      const { page } = await opened({ colorScheme });
      const poor = await page.evaluate(contrastBelow, 4.5);
      expect(poor).toEqual([]);
      await page.close();
    },
  );
});

/** Texts whose colour stands out too little from what is painted behind them, by WCAG 2.2 §1.4.3. */
function contrastBelow(least: number): string[] {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- sent to the browser whole
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const behind = (element: Element): number[] => {
    const layers: number[][] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      layers.push(channels(getComputedStyle(at).backgroundColor));
    }
    return layers.reduceRight<number[]>(
      (below, [r = 0, g = 0, b = 0, alpha = 1]) =>
        [r, g, b].map((c, at) => c * alpha + (below[at] ?? 255) * (1 - alpha)),
      [255, 255, 255],
    );
  };
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- sent to the browser whole
  const luminance = (rgb: number[]): number => {
    const [r = 0, g = 0, b = 0] = rgb.map((c) =>
      c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const details of document.querySelectorAll("details")) details.open = true;
  const poor: string[] = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "",
    );
    if (!own || element.closest("script, svg, .print-only, .unseen, .skip") !== null) continue;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) poor.push(`${ratio.toFixed(2)} ${(element.textContent ?? "").trim().slice(0, 30)}`);
  }
  return poor;
}
