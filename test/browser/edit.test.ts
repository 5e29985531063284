import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
import { seriousFindings } from "../support/axe.ts";
import { openBrowser } from "../support/chromium.ts";
import { endOf, karyon, startKaryon, temporaryFolder, until } from "../support/karyon.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));
/** Below the filters: normalised, one query on it, the match, one query on that, the report. */
const BELOW = [
  "user_vcf_normalized",
  "records_by_contig",
  "user_hf_module_annotations",
  "strongest_matches",
  "user_longevity_report",
];

const OWN = `# Mine

\`\`\`yaml panel module
module: {title: Panel}
variants:
  - {rsid: rs4988235, gene: MCM6, genotype: A/G, weight: 0.5, state: protective, conclusion: Digests milk sugar}
studies:
  - {rsid: rs4988235, pmid: 11788828, conclusion: Adults keep lactase}
\`\`\`

\`\`\`js
display("stood before"); const twice = 2 * 3
\`\`\`

\`\`\`sql found
select rsid, weight from panel
\`\`\`
`;

let workspace: string;
let notebook: string;
let address = "";
let browser: Browser;
let stop: () => Promise<unknown>;

/** A server of its own over a small synthetic genome (`synth`, 20,000 records, seed 3), everything made. */
beforeAll(async () => {
  workspace = await temporaryFolder("edit");
  await cp(NOTEBOOKS, join(workspace, "notebooks"), { recursive: true });
  notebook = join(workspace, "notebooks", "personal-genome.md");
  await writeFile(join(workspace, "notebooks", "mine.md"), OWN);
  expect((await karyon(workspace, "notebook", "trust", "mine.md")).code).toBe(0);
  const genome = join(workspace, "genome.vcf.gz");
  await karyon(workspace, "synth", "--records", "20000", "--seed", "3", "--out", genome);
  await karyon(workspace, "annotate-modules", "--vcf", genome, "--user", "anna");
  const queries = ["--select", "records_by_contig or strongest_matches", "--partition", "anna/genome"];
  expect((await karyon(workspace, "asset", "materialize", ...queries)).code).toBe(0);
  const server = startKaryon(workspace, "start", "--no-open", "--no-demo");
  const ended = endOf(server);
  let said = "";
  server.stdout?.on("data", (text: string) => (said += text));
  server.stderr?.on("data", (text: string) => (said += text));
  await until(() => {
    if (server.exitCode !== null) throw new Error(`the server did not start: ${said}`);
    return /http:\S+token=\S+/.test(said);
  });
  address = `${/http:\S+/.exec(said)?.[0] ?? ""}&notebook=personal-genome.md`;
  stop = () => {
    server.kill("SIGINT");
    return ended;
  };
  browser = await openBrowser();
}, 240_000);

afterAll(async () => {
  await browser?.close();
  await stop?.();
});

async function opened(): Promise<Page> {
  // One context for all: the cookie of the token is set once.
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  await page.goto(address);
  await page.waitForSelector("#cell-user_longevity_report");
  return page;
}

const state = (page: Page, cell: string): Promise<string | null> =>
  page.getAttribute(`#cell-${cell}`, "data-state");

async function everyState(page: Page, wanted: RegExp): Promise<void> {
  await until(async () => {
    const states = await Promise.all(BELOW.map((cell) => state(page, cell)));
    return states.every((one) => wanted.test(one ?? ""));
  });
}

/** Replaces a word in the text of a cell, with the mouse and the keys that a person has. */
async function replaceInCell(page: Page, cell: string, from: string, to: string): Promise<void> {
  await page.click(`#cell-${cell} .editable pre`);
  await page.waitForSelector(`#cell-${cell} .editor .view-line`);
  await page.keyboard.press("Control+f");
  await page.keyboard.type(from);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.type(to);
}

/** Leaves the text of a cell, and gives what is underlined in it. */
async function underlined(page: Page, cell: string): Promise<string[]> {
  const wrong = page.locator(cell).first().locator(".code-wrong");
  await until(async () => {
    // One may close what is suggested, and not yet leave the text.
    await page.keyboard.press("Escape");
    return (await wrong.count()) > 0;
  });
  return wrong.allInnerTexts();
}

/** Runs the report, and what it needs, unless it is fresh. */
async function runReport(page: Page): Promise<void> {
  const report = "user_longevity_report";
  await until(async () => /^(?:fresh|cached|stale)/.test((await state(page, report)) ?? ""));
  if ((await state(page, report))?.startsWith("stale") === true) await page.click(`#cell-${report} .run`);
  // What the tests before made of the same is taken over.
  await until(async () => /^(?:fresh|cached)$/.test((await state(page, report)) ?? ""));
}

const textOf = (page: Page, cell: string): Promise<string> =>
  page.locator(`#cell-${cell} .code`).first().innerText();

const findings = (page: Page): Promise<string[]> => seriousFindings(page, ["main", "dialog", "[role=menu]"]);

describe("editing a notebook", { timeout: 120_000 }, () => {
  test("a changed filter makes all below stale and says why; a run makes it fresh; undo brings it back", async () => {
    const page = await opened();
    const other = await opened();
    await everyState(page, /^fresh$/);

    await replaceInCell(page, "quality_filters_config", "min_qual: 20", "min_qual: 35");
    await everyState(page, /^stale/);
    expect(await page.locator("#cell-user_vcf_normalized .notice").innerText()).toMatch(
      /quality_filters_config changed: min_qual/,
    );
    await until(async () => (await readFile(notebook, "utf8")).includes("min_qual: 35"));

    // The other page has it too, without a word from its person.
    await until(async () => (await textOf(other, "quality_filters_config")).includes("min_qual: 35"));
    await everyState(other, /^stale/);

    await page.keyboard.press("Escape");
    await page.keyboard.press("r");
    await page.keyboard.press("a");
    await everyState(page, /^fresh$/);

    await page.reload();
    await page.waitForSelector("#cell-quality_filters_config");
    expect(await textOf(page, "quality_filters_config")).toContain("min_qual: 35");

    await page.locator("#cell-quality_filters_config").focus();
    await page.keyboard.press("z");
    await until(async () => (await textOf(page, "quality_filters_config")).includes("min_qual: 20"));
    await until(async () => (await readFile(notebook, "utf8")).includes("min_qual: 20"));
    await until(async () => (await textOf(other, "quality_filters_config")).includes("min_qual: 20"));
    await page.close();
    await other.close();
  });

  test("a cell is run once on another engine from its menu, and its record says that this was chosen", async () => {
    const page = await opened();
    const cell = page.locator("#cell-strongest_matches");
    const recorded = async (words: RegExp): Promise<void> => {
      await cell.getByRole("tab", { name: "Record" }).click();
      await until(async () => words.test((await cell.locator(".record").textContent()) ?? ""));
    };
    await runReport(page);
    await page.click("#cell-strongest_matches .run");
    await until(async () => /^(?:fresh|cached)$/.test((await state(page, "strongest_matches")) ?? ""));
    await page.click("#cell-strongest_matches .cell-tools button:last-child");
    await page.getByRole("menuitem", { name: "Polars" }).click();
    await recorded(/engine *Polars \d.*chosen for its run/);
    expect(await state(page, "strongest_matches")).toBe("fresh");
    // What takes no choice offers none.
    await page.click("#cell-user_longevity_report .cell-tools button:last-child");
    await page.waitForSelector("[role=menuitem] >> text=Run up to here");
    expect(await page.getByRole("menuitem", { name: "Polars" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.click("#cell-strongest_matches .cell-tools button:last-child");
    await page.getByRole("menuitem", { name: "DuckDB" }).click();
    await recorded(/engine *DuckDB [\d.]+(?!.*chosen)/);
    await page.close();
  });

  test("cells are inserted, renamed wherever they are used, moved and deleted by keys alone", async () => {
    const page = await opened();
    await page.locator("#cell-strongest_matches").focus();
    await page.keyboard.press("b");
    await page.waitForSelector(":is([role=menu], [role=menuitem]):focus");
    const item = page.locator("[role=menuitem]:focus", { hasText: "SQL table" });
    while ((await item.count()) === 0) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#cell-table .editor .view-line");
    // Its first text is selected: what is typed takes its place.
    await page.keyboard.type("select count(*)::integer as n from strongest_matches");
    await until(async () =>
      (await readFile(notebook, "utf8")).includes(
        "\nselect count(*)::integer as n from strongest_matches\n```",
      ),
    );
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");

    await page.keyboard.press("k");
    await page.keyboard.press("n");
    await page.keyboard.type("top_matches");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#cell-top_matches");
    await until(async () => (await readFile(notebook, "utf8")).includes("as n from top_matches"));

    await page.locator("#cell-table").focus();
    await page.keyboard.press("Alt+ArrowUp");
    await until(async () => {
      const text = await readFile(notebook, "utf8");
      return text.indexOf("sql table asset") < text.indexOf("sql top_matches asset");
    });
    await page.keyboard.press("d");
    await page.keyboard.press("d");
    await page.waitForSelector("#cell-table", { state: "detached" });
    for (let change = 0; change < 3; change++) await page.keyboard.press("z");
    await page.waitForSelector("#cell-strongest_matches");
    await page.close();
  });

  test("a cell whose text changed shows what changed in it, and goes back to what its result was made by", async () => {
    const page = await opened();
    const cell = page.locator("#cell-strongest_matches");
    await runReport(page);
    await until(async () => /^(?:fresh|cached)$/.test((await state(page, "strongest_matches")) ?? ""));
    await replaceInCell(page, "strongest_matches", "limit 50", "limit 7");
    await until(async () => (await state(page, "strongest_matches")) === "stale-code");
    await page.keyboard.press("Escape");
    await cell.getByText("What changed since its result").click();
    const change = cell.getByLabel("change of strongest_matches");
    await change.waitFor();
    expect(await change.locator(".line-gone").allInnerTexts()).toEqual(["− limit 50\n"]);
    expect(await change.locator(".line-new").allInnerTexts()).toEqual(["+ limit 7\n"]);
    expect(await seriousFindings(page)).toEqual([]);
    const back = cell.getByRole("button", { name: "Put the old text back" });
    await back.click();
    await until(async () => /^(?:fresh|cached)$/.test((await state(page, "strongest_matches")) ?? ""));
    expect(await textOf(page, "strongest_matches")).toContain("limit 50");

    await replaceInCell(page, "strongest_matches", "limit 50", "limit -1");
    await until(async () => (await state(page, "strongest_matches")) === "stale-code");
    await page.keyboard.press("Escape");
    await page.click("#cell-strongest_matches .run");
    await until(async () => (await state(page, "strongest_matches")) === "failed");
    await cell.getByText("What changed since its result").click();
    await back.click();
    await until(async () => /^(?:fresh|cached)$/.test((await state(page, "strongest_matches")) ?? ""));
    await page.close();
  });

  test("a module that is edited and run again shows what moved, as the arithmetic says", async () => {
    const page = await opened();
    await runReport(page);
    const variants = join(workspace, "notebooks", "modules", "coronary", "variants.csv");
    const doubled = (await readFile(variants, "utf8")).replaceAll(
      /^(rs\d+,[^,]+,)(-?[\d.]+)/gm,
      (_row, start: string, weight: string) => `${start}${Number(weight) * 2}`,
    );
    await writeWhole(variants, doubled);
    await until(async () => (await state(page, "user_longevity_report"))?.startsWith("stale") === true);
    await runReport(page);
    const moved = page.locator("#cell-user_longevity_report .moved");
    await moved.locator("summary").click();
    const [, before = "", after = ""] = /coronary net (\S+) → (\S+)/.exec(await moved.innerText()) ?? [];
    const value = (text: string): number => Number(text.replace("\u2212", "-"));
    expect(value(before)).not.toBe(0);
    expect(value(after)).toBeCloseTo(2 * value(before), 1);
    const rows = await moved.locator("tbody tr").allInnerTexts();
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      expect(row).toMatch(/changed\s+coronary/);
    }
    await page.close();
  });

  test("a module is seen as its rows also from its text, and its result stays in sight while a weight is none", async () => {
    const page = await opened();
    await page.goto(new URL("?notebook=mine.md", address).href);
    const panel = page.locator("#cell-panel");
    await panel.getByRole("button", { name: "Run panel" }).click();
    await until(async () => (await state(page, "panel")) === "fresh");
    await page.click("#cell-panel .editable pre");
    await page.waitForSelector("#cell-panel .editor .view-line");
    await panel.getByRole("tab", { name: "Variants" }).click();
    const weight = panel.getByLabel("weight of row 1");
    await weight.fill("much");
    await weight.press("Enter");
    await until(
      async () => (await state(page, "panel")) === "failed" || (await state(page, "panel")) === "error",
    );
    expect(await weight.getAttribute("aria-invalid")).toBe("true");
    await panel.locator("[role=grid]").getByText("rs4988235").first().waitFor();
    await weight.fill("0.5");
    await weight.press("Enter");
    await until(async () => (await state(page, "panel")) === "fresh");
    await page.close();
  });

  test("SQL and JavaScript that fail are underlined where they do, and what stood before says that it is of before", async () => {
    const page = await opened();
    await page.goto(new URL("?notebook=mine.md", address).href);
    const script = page.locator(".cell[data-kind=script], .cell[data-kind=view]").first();
    await script.getByText("stood before", { exact: true }).waitFor();
    await script.locator(".editable pre").click();
    await script.locator(".editor .view-line").waitFor();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" + nope");
    await page.keyboard.press("Escape");
    await script.locator(".error-sentence >> text=nope is not defined").waitFor();
    expect(await underlined(page, ".cell[data-kind=script], .cell[data-kind=view]")).toEqual(["nope"]);
    await script.getByRole("button", { name: "Copy the error" }).waitFor();
    const before = script.locator(".output.failed .stage");
    expect(await before.evaluate((one) => getComputedStyle(one, "::before").content)).toContain(
      "before it failed",
    );
    expect(await script.locator(".provenance-mark").count()).toBe(0);

    await replaceInCell(page, "found", "weight", "wight");
    await page.waitForSelector("#cell-found .error-sentence >> text=no column wight");
    expect(await underlined(page, "#cell-found")).toEqual(["wight"]);
    await page.close();
  });

  test("an edit of the file in another program arrives, and never over what is being typed", async () => {
    const page = await opened();
    await page.click("#cell-records_by_contig .editable pre");
    await page.waitForSelector("#cell-records_by_contig .editor .view-line");
    const text = await readFile(notebook, "utf8");
    await writeWhole(notebook, text.replace("min_depth: 10", "min_depth: 12"));
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" -- mine");
    await until(async () => (await textOf(page, "quality_filters_config")).includes("min_depth: 12"));
    await until(async () => {
      const now = await readFile(notebook, "utf8");
      return now.includes("-- mine") && now.includes("min_depth: 12");
    });
    await page.close();
  });

  test("axe finds nothing serious while a cell is written in, a menu is open and the palette is", async () => {
    const page = await opened();
    await page.click("#cell-strongest_matches .editable pre");
    await page.waitForSelector("#cell-strongest_matches .editor .view-line");
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.click("#cell-strongest_matches .cell-tools button:last-child");
    await page.waitForSelector("[role=menu]");
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog.palette[open]");
    expect(await findings(page)).toEqual([]);
    await page.close();
  });
});
