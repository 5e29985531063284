import { inwardHtml } from "#notebook/inward-html.ts";

import { describe } from "./inspect.ts";

/**
 * A document for a sandboxed frame from what a notebook wrote. Its own policy: it loads nothing, runs nothing, sends
 * nothing; pictures only as data.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function frameDocument(body: string, dark: boolean): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<style>:root{color-scheme:${dark ? "dark" : "light"}}body{margin:0;font:14px/1.5 system-ui,sans-serif}</style>
</head><body>${inwardHtml(body)}</body></html>`;
}

/** The text of an `html` cell with values in place of its `${}`: text, never markup. */
export function filledHtml(texts: readonly string[], values: readonly unknown[]): string {
  return texts.map((text, index) => (index === 0 ? text : escaped(values[index - 1]) + text)).join("");
}

function escaped(value: unknown): string {
  if (value === null || value === undefined) return "";
  return describe(value).replaceAll(/[&<>"'`]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
