/** Results that are seen before they are whole, in a real browser over a real server. */
import { mkdir, writeFile } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyon, temporaryFolder } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

/** More live queries than are read at a time, of 64-bit integers, which become numbers for scripts. */
const MANY = 20;
const FEW = Array.from({ length: MANY }, (_, i) => `\`\`\`sql few${i}\nselect ${i}::bigint as n\n\`\`\`\n`);

/** The query finds its first rows at once and would look for the others for hours; the script never ends. */
const NOTEBOOK = `# Streams

\`\`\`sql endless
select i as n from range(1000000000000) a(i) where i < 5000 or i % 100000000 = 0
\`\`\`

\`\`\`js reads
endless.numRows
\`\`\`

\`\`\`ts talks kernel
async function* rows() {
  for (let n = 0; ; n++) {
    if (n % 1000 === 0) console.log(\`line \${n / 1000}\`);
    yield {n};
    if (n % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
return rows();
\`\`\`

${FEW.join("\n")}
\`\`\`js sum
[${FEW.map((_, i) => `few${i}`).join(", ")}].reduce((sum, rows) => sum + rows.get(0).n, 0)
\`\`\`
`;

test("rows of a long query and lines of a script are seen while they come, and each is stopped", async () => {
  const workspace = await temporaryFolder("streaming");
  await mkdir(`${workspace}/notebooks`);
  await writeFile(`${workspace}/notebooks/streams.md`, NOTEBOOK);
  await karyon(workspace, "notebook", "trust", "streams.md");
  const url = await addressOf(startServer(workspace));
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  await page.goto(new URL("/?notebook=streams.md", url).href);

  await page.waitForSelector("#cell-endless[data-state=streaming] [role=gridcell]");
  expect(await page.textContent("#cell-endless .arriving")).toMatch(
    /showing the first [\d,]+ of [\d,]+ so far/,
  );
  expect(await page.textContent("#cell-endless .output-foot")).toContain("partial");
  await page.click("#cell-endless .arriving button");
  await page.waitForSelector("#cell-endless[data-state=cancelled] [role=gridcell]");
  expect(await page.textContent("#cell-endless .arriving")).toMatch(/stopped after [\d,]+ rows/);
  expect(await page.textContent("#cell-reads .notice")).toContain("stopped before all its rows were there");

  // Beside the endless one, the others come and go.
  await page.waitForSelector(`#cell-sum .inspected >> text=${(MANY * (MANY - 1)) / 2}`);

  await page.click("#cell-talks .run");
  await page.waitForSelector("#cell-talks[data-state=streaming] .arriving-log >> text=/line \\d+/");
  await page.waitForSelector("#cell-talks .facts >> text=/rows so far/");
  await page.click("#cell-talks .run");
  await page.waitForSelector("#cell-talks[data-state=cancelled]");
}, 120_000);
