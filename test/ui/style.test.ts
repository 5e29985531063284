import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Classes that the editor gives, and the page never names. */
const OF_MONACO = ["overflow-guard"];

async function filesOf(folder: string, ending: RegExp): Promise<string[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  return names
    .filter((name) => ending.test(name) && !/^dist|\.d\.ts$/.test(name))
    .map((name) => join(folder, name));
}

async function textOf(files: readonly string[]): Promise<string> {
  return (await Promise.all(files.map((file) => readFile(join(ROOT, file), "utf8")))).join("\n");
}

/** Classes that style sheets name. */
function classesIn(style: string): string[] {
  const selectors = style.replaceAll(/\/\*.*?\*\//gs, "").match(/[^{};]+(?=\{)/g) ?? [];
  const names = selectors.flatMap((selector) => [...selector.matchAll(/\.([a-z][\w-]*)/gi)]);
  return [...new Set(names.map(([, name = ""]) => name))];
}

/** Classes that a text does not say: whole, or their beginning before a value, as in `tone-${tone}` or `m-{{ kind }}`. */
function unsaid(text: string, names: readonly string[]): string[] {
  const words = new Set(text.match(/[\w-]+/g));
  const beginnings = new Set([...text.matchAll(/([\w-]+-)(?:\$\{|\{\{)/g)].map(([, beginning]) => beginning));
  return names.filter((name) => !words.has(name) && !beginnings.has(name.slice(0, name.indexOf("-") + 1)));
}

/** Style sheets that a list brings in, as paths from the root. */
async function listed(list: string): Promise<string[]> {
  const text = await readFile(join(ROOT, list), "utf8");
  return [...text.matchAll(/@import "([^"]+)";/g)].map(([, path = ""]) => join(list, "..", path));
}

describe("style sheets", () => {
  test("each is in the list of the page or of an exported notebook, and once", async () => {
    const page = await listed("ui/main.css");
    const exported = await listed("ui/export/main.css");
    for (const list of [page, exported]) expect(new Set(list).size).toBe(list.length);
    const all = new Set([...page, ...exported]);
    expect([...all].toSorted()).toEqual((await filesOf("ui/style", /\.css$/)).toSorted());
  });

  test("an exported notebook has what it shares with the page in the same order", async () => {
    const page = await listed("ui/main.css");
    const shared = (await listed("ui/export/main.css")).filter((file) => page.includes(file));
    expect(shared).toEqual(page.filter((file) => shared.includes(file)));
  });

  test("no rule is for a class that nothing has", async () => {
    const code = await textOf(await filesOf("ui", /\.tsx?$/));
    const classes = classesIn(await textOf(await filesOf("ui/style", /\.css$/)));
    expect(unsaid(code, classes)).toEqual(OF_MONACO);
  });

  test("each of a report is in its list, and no rule is for a class that no template has", async () => {
    const files = await filesOf("kernel/reports/assets", /\.css$/);
    const page = await readFile(join(ROOT, "kernel/reports/page.ts"), "utf8");
    expect(files.filter((file) => !page.includes(`"${/([\w-]+)\.css$/.exec(file)?.[1] ?? ""}"`))).toEqual([]);
    const templates = await textOf([
      ...(await filesOf("notebooks/reports", /\.njk$/)),
      ...(await filesOf("kernel/reports", /\.(ts|js)$/)),
    ]);
    expect(unsaid(templates, classesIn(await textOf(files)))).toEqual([]);
  });
});
