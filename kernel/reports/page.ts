import { readFile } from "node:fs/promises";

import { escaped, hashed } from "#notebook/inline-html.ts";
import { inwardHtml } from "#notebook/inward-html.ts";

import { fontFaces } from "./font-faces.ts";
import type { VariantView } from "./variant.ts";
import type { Rendered } from "./template.ts";

/** What a report looks like, in the order of the cascade; what is different on paper comes last. */
const STYLES = [
  "tokens",
  "base",
  "layout",
  "words",
  "front",
  "contents",
  "table",
  "balance",
  "karyogram",
  "totals",
  "variants",
  "details",
  "closed",
  "made",
  "print",
];

/** Style and script of every report, and its fonts. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

export async function readPageAssets(): Promise<PageAssets> {
  const styles = STYLES.map((name) => readAsset(`style/${name}.css`));
  return {
    style: (await Promise.all([fontFaces(""), ...styles])).join("\n"),
    script: await readAsset("report.js"),
  };
}

async function readAsset(name: string): Promise<string> {
  return (await readFile(new URL(`assets/${name}`, import.meta.url), "utf8")).replaceAll("\r\n", "\n");
}

/**
 * One HTML file that can do nothing but show itself: its policy admits the one script and the styles written
 * here by their hash, fonts and images from inside the file, and nothing from anywhere else. Elements that would reach
 * outside past the policy are left out.
 */
export function page(
  title: string,
  software: string,
  rendered: Rendered,
  assets: PageAssets,
  variants: Iterable<VariantView>,
): string {
  const style = assets.style + tints(variants);
  const policy = [
    "default-src 'none'",
    `style-src ${[style, ...rendered.styles].map(hashed).join(" ")}`,
    `script-src ${hashed(assets.script)}`,
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="generator" content="${escaped(software)}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${inwardHtml(rendered.body)}
<script>${assets.script}</script>
</body>
</html>
`;
}

/** One rule for each background in use: an inline style would need a policy that admits any. */
function tints(variants: Iterable<VariantView>): string {
  const rules = new Map<string, string>();
  for (const { colour, colour_class: name } of variants) rules.set(name, `.${name}{background:${colour}}`);
  return [...rules]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, rule]) => rule)
    .join("");
}
