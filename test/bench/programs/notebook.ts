import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { LocalApi } from "../../../server/api.ts";
import { serve } from "../../../server/serve.ts";
import { Workspace } from "../../../server/workspace.ts";
import { workspacePaths } from "../../../server/workspace-paths.ts";
import { WHOLE } from "#protocol/ids.ts";
import { openBrowser } from "../../support/chromium.ts";

/* Opens a notebook in a browser, then changes a cell of it: SCRATCH CELLS */

const [scratch = "", count = "5"] = process.argv.slice(2);
const cells = Number(count);
/** Runs in the page before anything else: when cells were drawn, the first and all, in milliseconds from the navigation. */
const WATCH = `
  let first = null;
  const look = () => {
    const drawn = document.querySelectorAll("main article.cell").length;
    if (drawn > 0) first ??= performance.now();
    if (drawn >= ${cells}) document.documentElement.dataset.drawn = first + " " + performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

await mkdir(join(scratch, "notebooks"), { recursive: true });
await writeFile(join(scratch, "notebooks/long.md"), text());
const paths = workspacePaths(scratch, {});
const edited = await editToEvent();
const server = await serve(paths, { software: "karyon bench", demo: false, dev: false, notice: () => {} });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.addInitScript(WATCH);
await page.goto(server.url);
// Once for the files of the page, then as a person comes back to it.
await page.waitForSelector("html[data-drawn]");
await page.reload();
await page.waitForSelector("html[data-drawn]");
const drawn = (await page.getAttribute("html", "data-drawn")) ?? "";
const [first = Number.NaN, all = Number.NaN] = drawn.split(" ").map(Number);
const devtools = await page.context().newCDPSession(page);
await devtools.send("Performance.enable");
const { metrics } = await devtools.send("Performance.getMetrics");
const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
await browser.close();
await server.close();
process.stdout.write(
  JSON.stringify({
    duration_seconds: all / 1000,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    note: `first cells after ${first.toFixed(0)} ms; heap ${(heap / 1e6).toFixed(0)} MB; an edit is told after ${edited.toFixed(1)} ms`,
  }),
);
process.exit();

/** Text, scripts, live SQL and kept SQL in turn. */
function text(): string {
  const kinds = [
    (at: number) => `Some words, and ${at} of them.\n`,
    (at: number) => `\`\`\`js x${at}\nconst x${at} = ${at} + 1;\n\`\`\`\n`,
    (at: number) => `\`\`\`sql live${at}\nselect i, i * ${at} as n from range(20) a(i)\n\`\`\`\n`,
    (at: number) => `\`\`\`sql kept${at} asset\nselect i, i * ${at} as n from range(100) a(i)\n\`\`\`\n`,
    (at: number) => `\`\`\`js\nx${at - 3} * 2\n\`\`\`\n`,
  ];
  return Array.from({ length: cells }, (_, at) => kinds[at % kinds.length]?.(at)).join("\n");
}

/** Median milliseconds from an edit to the event that tells every page of it. */
async function editToEvent(): Promise<number> {
  const workspace = await Workspace.open(paths, { software: "karyon bench" });
  await workspace.sessions.openAll();
  await workspace.sessions.trust("long.md");
  const api = new LocalApi(workspace, []);
  await api.snapshot("long.md", WHOLE);
  const took: number[] = [];
  for (let edit = 0; edit < 21; edit++) {
    const told = new Promise<number>((resolve) => {
      const leave = api.subscribe((event) => {
        if (event.type !== "notebook") return;
        leave();
        resolve(performance.now());
      });
    });
    const began = performance.now();
    await api.edit("long.md", [{ op: "set-source", block: "live2", source: `select ${edit} as n` }]);
    took.push((await told) - began);
  }
  await workspace.close();
  return took.toSorted((a, b) => a - b)[10] ?? Number.NaN;
}
