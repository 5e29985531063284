/** What every report promises, held against one; and one report against another that is known to be right. */
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";

const GOLDEN = fileURLToPath(new URL("../golden/reports/small/", import.meta.url));

interface Row {
  readonly rsid: string;
  readonly genotype: string;
  weight: number | null;
}
interface Twin {
  readonly other_modules: readonly { readonly module_name: string; readonly variants: Row[] }[];
  readonly module_exclusions: { name: string; status: string; reason: string }[];
}
interface Checked {
  readonly checks: readonly { readonly what: string; readonly state: string; readonly found: string }[];
  readonly changes: readonly { readonly module: string; readonly row: string; readonly change: string }[];
}

/** The golden report in a folder of its own, changed by a test. */
async function report(change: (twin: Twin, page: string) => string | void): Promise<string> {
  const folder = await temporaryFolder("check-report");
  await copyFile(`${GOLDEN}body.html`, `${folder}/report.html`);
  const twin = JSON.parse(await readFile(`${GOLDEN}report.json`, "utf8")) as Twin;
  // That a module failed is in it on purpose.
  twin.module_exclusions.length = 0;
  const page = change(twin, await readFile(`${GOLDEN}body.html`, "utf8"));
  await writeFile(`${folder}/report.json`, JSON.stringify(twin));
  if (page !== undefined) await writeFile(`${folder}/report.html`, page);
  return `${folder}/report.html`;
}

const failedOf = ({ checks }: Checked): string[] =>
  checks.filter(({ state }) => state === "failed").map(({ what, found }) => `${what}: ${found}`);
const checked = (file: string, ...words: readonly string[]): Promise<Checked> =>
  karyonJson(process.cwd(), "report", "check", file, ...words);

test("a report as it was written keeps its promises, and says what itself says", async () => {
  const path = await report(() => {});
  const { code, stdout } = await karyon(
    process.cwd(),
    "report",
    "check",
    path,
    "--golden",
    `${GOLDEN}report.json`,
  );
  expect(stdout).toContain("keeps what a report promises, and says what the golden one says");
  expect(code).toBe(0);
});

test("another weight, a row too few and a module that failed are named; the sums no longer are those of the rows", async () => {
  let module = "";
  const path = await report((twin) => {
    const section = twin.other_modules.find(({ variants }) => variants.length > 1);
    const [first] = section?.variants ?? [];
    if (section === undefined || first === undefined) throw new Error("the golden report has no such module");
    module = section.module_name;
    first.weight = (first.weight ?? 0) + 1;
    section.variants.pop();
    twin.module_exclusions.push({ name: "broken", status: "failed", reason: "no table" });
  });
  const result = await checked(path, "--golden", `${GOLDEN}report.html`);
  expect(failedOf(result)).toEqual([
    expect.stringContaining(`the sums of ${module}: `),
    "no module failed: broken: no table",
  ]);
  expect(result.changes.map(({ change }) => change).toSorted()).toEqual(["changed", "removed"]);
});

test("a page that does not say that it is no medical advice breaks its promise, whatever its style prints", async () => {
  const path = await report(
    (_twin, page) =>
      `<style>/* not medical advice */</style>${page.replaceAll(/not medical advice/gi, "fun")}`,
  );
  expect(failedOf(await checked(path))).toEqual([
    "the disclaimer: it does not say that it is not medical advice",
  ]);
});

test("what is no report is refused in words", async () => {
  const folder = await temporaryFolder("no-report");
  await writeFile(`${folder}/a.json`, "{}");
  const { code, stderr } = await karyon(folder, "report", "check", `${folder}/a.json`);
  expect(code).toBe(1);
  expect(stderr).toContain("no report: a.json");
});
