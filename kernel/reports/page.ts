import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { VariantView } from "./variant.ts";
import type { Rendered } from "./template.ts";

/** Latin subsets of the three voices, one variable file each; other scripts fall to the system's fonts. */
const FONTS = [
  { family: "Inter", file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2" },
  {
    family: "Source Serif 4",
    file: "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  },
  {
    family: "JetBrains Mono",
    file: "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  },
] as const;

/** What `latin` covers in these packages. */
const LATIN =
  "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";

/** Style and script of every report, and its fonts. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

export async function readPageAssets(): Promise<PageAssets> {
  const faces = FONTS.map(async ({ family, file }) => {
    const bytes = await readFile(fileURLToPath(import.meta.resolve(file)));
    return `@font-face{font-family:"${family}";font-weight:200 800;font-display:swap;src:url(data:font/woff2;base64,${bytes.toString("base64")}) format("woff2");unicode-range:${LATIN}}`;
  });
  return {
    style: [...(await Promise.all(faces)), await readAsset("report.css")].join("\n"),
    script: await readAsset("report.js"),
  };
}

async function readAsset(name: string): Promise<string> {
  return (await readFile(new URL(`assets/${name}`, import.meta.url), "utf8")).replaceAll("\r\n", "\n");
}

/**
 * One HTML file that can do nothing but show itself: its policy admits the one script and the styles written
 * here by their hash, fonts and images from inside the file, and nothing from anywhere else.
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
${rendered.body}
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

function hashed(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
