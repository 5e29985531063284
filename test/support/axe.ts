import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/**
 * Serious findings of axe on what is shown, as `rule: place`.
 *
 * @param parts selectors of what is looked at, as far as it is there; default: the whole page
 */
export async function seriousFindings(page: Page, parts: readonly string[] = ["body"]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await readFile(AXE, "utf8"));
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(
      { include: ${JSON.stringify(parts)}.filter((one) => document.querySelector(one)).map((one) => [one]) },
      { resultTypes: ["violations"], iframes: false },
    ).then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
}
