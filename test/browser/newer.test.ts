/** What a newer Karyon ships, taken over in the page. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/chromium.ts";
import { addressOf, endOf, startKaryon, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

test("below the page stands what is newer; one click takes over what was not changed, another keeps what was", async () => {
  const workspace = await temporaryFolder("newer");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const first = startKaryon(workspace, "start", "--no-open", "--no-demo");
  await addressOf(first);
  first.kill();
  await endOf(first);
  const at = (path: string): string => join(workspace, path);
  const shipped = await readFile(at("notebooks/welcome.md"), "utf8");
  // As if an older Karyon had made the workspace.
  for (const folder of ["notebooks", ".karyon/shipped"]) {
    await writeFile(at(`${folder}/welcome.md`), "# Welcome, as it was\n");
    await writeFile(at(`${folder}/ensembl.md`), "# Ensembl, as it was\n");
  }
  await writeFile(at("notebooks/ensembl.md"), "# Ensembl, as I have it\n");

  const address = await addressOf(startServer(workspace));
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(address);
  await page.getByRole("button", { name: "Karyon ships 2 newer parts" }).click();
  await page.getByText("welcome.md").click();
  await page.getByLabel("difference of welcome.md").getByText("Welcome, as it was").waitFor();
  await page.getByRole("button", { name: "Take over what I did not change" }).click();
  await until(async () => (await readFile(at("notebooks/welcome.md"), "utf8")) === shipped);
  await page.getByRole("button", { name: "Keep mine: ensembl.md" }).click();
  await page.getByText("Nothing that Karyon ships is newer").waitFor();
  expect(await readFile(at("notebooks/ensembl.md"), "utf8")).toBe("# Ensembl, as I have it\n");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.getByText("newer part").waitFor({ state: "detached" });
});
