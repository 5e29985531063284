import { BLOCK_TYPE, NOTEBOOK_ELEMENT, RUNTIME_ELEMENT } from "#protocol/exported.ts";

import { escaped, hashed } from "./inline-html.ts";
import { sha256 } from "./sha256.ts";

/** What an exported file is made of, beside its blocks. */
export interface FileParts {
  readonly title: string;
  readonly software: string;
  readonly script: string;
  readonly style: string;
  /** JSON as {@link inertJson} writes it. */
  readonly notebook: string;
}

/**
 * The text before the blocks and the text after them. The policy admits the one script by its hash, modules that it
 * makes itself (`blob:`), which is how cells run, and nothing from anywhere else.
 */
export function fileAround(parts: FileParts): { readonly before: string; readonly after: string } {
  const script = insideScript(parts.script);
  const policy = [
    "default-src 'none'",
    `script-src ${hashed(script)} blob:`,
    "style-src 'unsafe-inline'",
    "font-src data:",
    "img-src data:",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return {
    before: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow">
<meta name="generator" content="${escaped(parts.software)}">
<meta name="karyon-seal" content="${sha256(parts.notebook)}">
<title>${escaped(parts.title)}</title>
<style>${insideStyle(parts.style)}</style>
</head>
<body>
<div id="page"><noscript>This notebook is drawn by the script in this file: allow it to run.</noscript></div>
<script type="application/json" id="${NOTEBOOK_ELEMENT}">${parts.notebook}</script>
<script id="${RUNTIME_ELEMENT}">${script}</script>
`,
    after: "</body>\n</html>\n",
  };
}

/** JSON that no value in it can end the element of, or be read as markup. */
export function inertJson(text: string): string {
  return text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** An element that holds a block; `base64` is of its gzip bytes. */
export function blockElement(id: string, base64: string): string {
  return `<script type="${BLOCK_TYPE}" id="${id}">${base64}</script>\n`;
}

/** The base64 of a block in a file; null when it has none of this id. */
export function blockIn(file: Buffer, id: string): string | null {
  const start = `<script type="${BLOCK_TYPE}" id="${id}">`;
  return file.includes(start) ? between(file, start, "</script>") : null;
}

/** The text of a file between two marks; empty when they are not there. */
export function between(file: Buffer, start: string, end: string): string {
  const from = file.indexOf(start);
  const to = from < 0 ? -1 : file.indexOf(end, from + start.length);
  return to < 0 ? "" : file.toString("utf8", from + Buffer.byteLength(start), to);
}

/** A style whose own texts do not end its element. */
export function insideStyle(style: string): string {
  return style.replaceAll("</style", "<\\/style");
}

/** A script whose own texts do not end its element. */
export function insideScript(script: string): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, "\\x3C");
}
