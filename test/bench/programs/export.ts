import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { openBrowser } from "../../support/chromium.ts";
import { karyon } from "../../support/karyon.ts";

/* Exports a notebook and opens the file in a browser: SCRATCH FIGURES ROWS */

const [scratch = "", figures = "5", rows = "1000"] = process.argv.slice(2);
const file = join(scratch, "report.html");
await mkdir(join(scratch, "notebooks"), { recursive: true });
await writeFile(join(scratch, "notebooks/figures.md"), text());
await carryOut("notebook", "trust", "figures.md");
await carryOut("asset", "materialize", "--select", "*");
const began = performance.now();
await carryOut("notebook", "export", "figures.md", "--rows", "all", "--out", file);
const exported = (performance.now() - began) / 1000;

/** When figures were drawn, the first and all, in milliseconds from the navigation. */
const WATCH = `
  let first = null;
  const look = () => {
    const drawn = document.querySelectorAll("article.cell svg[class^='plot-']").length;
    if (drawn > 0) first ??= performance.now();
    if (drawn >= ${figures}) document.documentElement.dataset.drawn = first + " " + performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.addInitScript(WATCH);
await page.goto(pathToFileURL(file).href);
await page.waitForSelector("html[data-drawn]");
const drawn = (await page.getAttribute("html", "data-drawn")) ?? "";
const [first = Number.NaN, all = Number.NaN] = drawn.split(" ").map(Number);
await browser.close();
process.stdout.write(
  JSON.stringify({
    duration_seconds: all / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: `first figure after ${first.toFixed(0)} ms; exported in ${exported.toFixed(1)} s, ${((await stat(file)).size / 1e6).toFixed(1)} MB`,
  }),
);

/** One table that is kept, and figures that draw one bar each from a few rows of it. */
function text(): string {
  const table = `\`\`\`sql variants asset
select (i % 25)::integer as contig, (i * 61 % 250000000)::integer as start, 'rs' || i as rsid,
  substr('ACGT', (i % 4 + 1)::integer, 1) as ref, (i % 997 / 10)::float as qual
from range(${rows}) t(i)
\`\`\`

\`\`\`sql few
select contig, count(*)::integer as n from variants group by contig
\`\`\`
`;
  const figure = (at: number): string => `\`\`\`js
Plot.plot({marks: [Plot.barX([few.get(${at % 25})], {x: "n"})]})
\`\`\`
`;
  return [table, ...Array.from({ length: Number(figures) }, (_, at) => figure(at))].join("\n");
}

async function carryOut(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await karyon(scratch, ...words);
  if (code !== 0) throw new Error(`karyon ${words.join(" ")}: ${stderr}`);
}
