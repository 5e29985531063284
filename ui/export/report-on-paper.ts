/** What runs, loads or sends: of no use on paper, and none of this document's business. */
const INERT = "script, iframe, object, embed, link, meta, base, form";

/**
 * What a frame of this origin shows, as a part of this document. A printer cuts a frame wherever a page ends, through
 * the middle of a line; a part of the document it cuts between lines, and rows that belong together stay so. Styles
 * reach neither in nor out. Null for a frame whose document is not at hand.
 */
export function reportOnPaper({ contentDocument: from }: HTMLIFrameElement): HTMLElement | null {
  if (from === null) return null;
  const host = document.createElement("div");
  host.className = "report-on-paper";
  const body = document.createElement("div");
  body.className = "body";
  body.append(...[...from.body.childNodes].map((node) => document.importNode(node, true)));
  for (const element of body.querySelectorAll(INERT)) element.remove();
  for (const element of body.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (name.startsWith("on")) element.removeAttribute(name);
  }
  const style = document.createElement("style");
  const styles = [...from.head.querySelectorAll("style")].map(({ textContent }) => inside(textContent));
  style.textContent = [...styles, VOICES].join("\n");
  host.attachShadow({ mode: "open" }).append(style, body);
  return host;
}

/** The fonts of the report under the names that they have in this file. */
const VOICES = `:host {
  --ui: "Inter Variable", system-ui, sans-serif;
  --prose: "Source Serif 4 Variable", Georgia, serif;
  --mono: "JetBrains Mono Variable", monospace;
}`;

/** A style of a whole document as one of a part: fonts are not taken from there. */
function inside(style: string): string {
  return style
    .replaceAll(/@font-face\s*\{[^}]*\}/g, "")
    .replaceAll(/:root\b/g, ":host")
    .replaceAll(/(?<=^|[\s,}])body(?=[\s,{.:])/g, ".body");
}
