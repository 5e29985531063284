/** The main notebook of one of two persons, exported: it tells of nobody else, can be read by all, and be printed. */
import { cp } from "node:fs/promises";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";

import { seriousFindings } from "../support/axe.ts";
import { karyon, temporaryFolder } from "../support/karyon.ts";
import { blockIn, exported, opened } from "./exported.ts";
import type { ExportedFile } from "./exported.ts";

const SHIPPED = fileURLToPath(new URL("../../notebooks", import.meta.url));
const [OWN, OTHER] = ["ownerperson/first_child", "otherperson/second_child"];
const ANNOTATIONS = "user_hf_module_annotations" as AssetKey;
const REPORT = "user_longevity_report" as AssetKey;

let workspace: string;
/** Of {@link OWN}, with everything. */
let whole: ExportedFile;

beforeAll(async () => {
  workspace = await temporaryFolder("export");
  await cp(SHIPPED, `${workspace}/notebooks`, { recursive: true });
  await cp(`${SHIPPED}/personal-genome.md`, `${workspace}/notebooks/it.md`);
  const vcf = `${workspace}/sample.vcf`;
  const commands = [
    ["synth", "--records", "4000", "--seed", "3", "--out", vcf],
    ["notebook", "rm", "personal-genome.md"],
    ["notebook", "trust", "it.md"],
    ...[OWN, OTHER].flatMap((person) => [
      ["partitions", "add", person, "--vcf", vcf],
      ["asset", "materialize", "--select", `+${REPORT}`, "--partition", person],
    ]),
  ];
  for (const words of commands) {
    const { code, stderr } = await karyon(workspace, ...words);
    if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
  }
  whole = await exported(workspace, "--partition", OWN);
}, 300_000);

/** Every text of a file: what is shown, and what its blocks hold. */
function textsOf({ text, notebook }: ExportedFile): string[] {
  const blocks = [
    ...Object.values(notebook.tables).flatMap((table) => [...table.blocks]),
    ...Object.values(notebook.reports),
  ];
  const own = text.replace(/<script id="karyon-runtime">[^]*?<\/script>/, "");
  return [own, ...blocks.map(({ id }) => blockIn(text, id).toString("latin1"))];
}

function tells(file: ExportedFile, ...words: readonly string[]): string[] {
  const texts = textsOf(file);
  return words.filter((word) => texts.some((text) => text.includes(word)));
}

test("a file tells of no other sample, and of no folder of this machine", () => {
  expect(whole.notebook.tables[ANNOTATIONS]?.rows).toBeGreaterThan(10);
  expect(tells(whole, "otherperson", "second_child", workspace, homedir())).toEqual([]);
  expect(whole.text).not.toContain("ownerperson");
  expect(tells(whole, "first_child")).toEqual(["first_child"]);
});

test("a sample that is not named is named nowhere, and its report is left out", async () => {
  const file = await exported(workspace, "--partition", OWN, "--no-sample");
  expect(tells(file, "first_child", "ownerperson", "sample.vcf")).toEqual([]);
  expect(file.notebook.leftOut[REPORT]).toContain("names the sample");
});

test("a file of someone who had everything erased could not be looked up, which is no failure", async () => {
  const { path } = await exported(workspace, "--partition", OTHER);
  const before = await karyon(workspace, "report", "verify", path);
  expect([before.code, before.stdout]).toEqual([0, expect.stringContaining("is a whole notebook")]);
  await karyon(workspace, "partitions", "rm", OTHER);
  const after = await karyon(workspace, "report", "verify", path);
  expect([after.code, after.stdout]).toEqual([0, expect.stringContaining("what there was of it was erased")]);
});

describe("in a browser", () => {
  async function shown(): Promise<Page> {
    const { page, complaints } = await opened(whole.path);
    await page.locator(`#cell-${ANNOTATIONS} [role=row]`).nth(3).waitFor();
    await page.frameLocator(`#cell-${REPORT} iframe`).getByText("Genomic Annotation Report").waitFor();
    // The report has a script, and its frame runs none.
    expect(complaints).toEqual([]);
    return page;
  }

  test.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (colorScheme) => {
    const page = await shown();
    await page.emulateMedia({ colorScheme });
    expect(await seriousFindings(page)).toEqual([]);
  });

  test("on paper tables are rows, the report is whole, and nothing is hidden in a scroll", async () => {
    const page = await shown();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const seen = await page.evaluate((report) => {
      const frame = document.querySelector<HTMLIFrameElement>(`#cell-${report} iframe`);
      const paper = document.querySelector(`#cell-${report} .report-on-paper`);
      const rows = document.querySelectorAll(".print-table tbody tr").length;
      return {
        rows,
        grids: [...document.querySelectorAll("[role=grid]")].filter((grid) => grid.checkVisibility()).length,
        // A frame would be cut through the middle of its lines.
        framed: frame?.checkVisibility(),
        shown: paper?.checkVisibility(),
        words: paper?.shadowRoot?.querySelector(".body")?.textContent ?? "",
        rowsOpen: paper?.shadowRoot?.querySelectorAll("details.row-detail:not([open])").length,
        revealed: paper?.shadowRoot?.querySelectorAll("details.reveal[open]").length,
        rowsShown: paper?.shadowRoot?.querySelectorAll("details.row-detail").length ?? 0,
        scripts: paper?.shadowRoot?.querySelectorAll("script").length,
      };
    }, REPORT);
    expect(seen.rows).toBeGreaterThan(40);
    expect(seen.grids).toBe(0);
    expect(seen).toMatchObject({ framed: false, shown: true, rowsOpen: 0, revealed: 0, scripts: 0 });
    expect(seen.rowsShown).toBeGreaterThan(10);
    expect(seen.words).toContain("Genomic Annotation Report");
    expect(seen.words).toContain("How this report was made");
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    expect(await page.locator(".report-on-paper").count()).toBe(0);
  });
});
