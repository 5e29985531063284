/** A notebook that is exported from the page: what the person saw is what the file shows. */
import { readdir, writeFile } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import { openContext } from "../support/chromium.ts";
import { addressOf, karyon } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";
import { opened, workspaceWith } from "./exported.ts";

const NOTEBOOK = `# From the page

\`\`\`sql kept asset
select n::integer as n, 'private ' || n as secret from range(100) t(n)
\`\`\`

\`\`\`input most
Inputs.range([0, 100], {step: 1, value: 40})
\`\`\`

\`\`\`sql hits
select n from kept where n < \${most}
\`\`\`
`;

test("the file shows what the inputs stood at, under the marks of the page, without what was left out", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  const url = await addressOf(startServer(workspace));
  const context = await openContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.goto(new URL("/?notebook=it.md", url).href);
  await page.locator("#cell-hits [role=grid]").waitFor();
  await page.locator("#cell-most input[type=range]").fill("25");
  await page.locator("#cell-hits [role=grid][aria-rowcount='26']").waitFor();
  const marks: string[] = [];
  for (const cell of ["kept", "hits"]) {
    marks.push(await page.locator(`#cell-${cell} .provenance-mark`).innerText());
  }

  // By keyboard, from a cell.
  await page.locator("#cell-kept").focus();
  await page.keyboard.press("E");
  const dialog = page.getByRole("dialog", { name: "Export as one file" });
  await dialog.getByText(/^Cells: /).click();
  await dialog.getByText("all 2 columns").click();
  await dialog.getByLabel("secret").uncheck();
  await dialog.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("it.html");
  const path = `${workspace}/downloaded.html`;
  await download.saveAs(path);

  const file = await opened(path);
  await file.page.locator("#cell-hits [role=grid][aria-rowcount='26']").waitFor();
  await file.page.locator("#cell-kept [role=grid]").waitFor();
  expect(await file.page.locator("#cell-most input[type=range]").inputValue()).toBe("25");
  expect(await file.page.locator(".provenance-mark").allInnerTexts()).toEqual(marks);
  expect(await file.page.locator("#cell-kept [role=columnheader]").count()).toBe(1);
  expect(await file.page.locator("#cell-kept").innerText()).toContain("1 column left out");
  expect([file.requests, file.problems]).toEqual([[], []]);
  expect((await karyon(workspace, "report", "verify", path)).code).toBe(0);
  // Page and script may have to be built first.
}, 240_000);

test("an export says how far it is, and can be stopped, which leaves nothing", async () => {
  const large = "select range as n, md5(range::text) as hash from range(4000000)";
  const notebook = `# Large\n\n\`\`\`sql kept asset\n${large}\n\`\`\`\n\n\`\`\`sql few\nselect 1 as n\n\`\`\`\n`;
  const workspace = await workspaceWith(notebook, ["kept"]);
  const url = await addressOf(startServer(workspace));
  const context = await openContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  await page.goto(new URL("/?notebook=it.md", url).href);
  await page.getByRole("button", { name: "Export…" }).click();
  const dialog = page.getByRole("dialog", { name: "Export as one file" });
  await dialog.getByLabel("Most rows of a table").fill("4000000");
  await dialog.getByRole("button", { name: "Export" }).click();
  await dialog.getByText(/^\d+ % · figure 2 of 2: kept · [\d.]+ MB$/).waitFor();
  await dialog.getByRole("progressbar").waitFor();
  await dialog.getByRole("button", { name: "Stop" }).click();
  // What was chosen is there still.
  expect(await dialog.getByLabel("Most rows of a table").inputValue()).toBe("4000000");
  const left = async (): Promise<string[]> => [
    ...(await readdir(`${workspace}/data/output/exports`).catch(() => [])),
    ...(await readdir(`${workspace}/.karyon/spill`).catch(() => [])).filter((name) =>
      name.startsWith("export-"),
    ),
  ];
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
}, 240_000);

test("a notebook that is not trusted is exported without running, and does not run in the file", async () => {
  const workspace = await workspaceWith(NOTEBOOK, []);
  const canary = "# Foreign\n\n```js\ndocument.title = 'ran'\n```\n\n```sql rows\nselect 1 as n\n```\n";
  await writeFile(`${workspace}/notebooks/it.md`, canary);
  const path = `${workspace}/foreign.html`;
  const { code, stderr } = await karyon(workspace, "notebook", "export", "it.md", "--out", path);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const file = await opened(path);
  await file.page.getByText("Not run").first().waitFor();
  expect(await file.page.title()).toBe("Foreign");
  expect(file.problems).toEqual([]);
});
