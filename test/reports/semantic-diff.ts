/** What changed between two reports, for people: by value in the twin, by line of visible text in the page. */
import { JSDOM } from "jsdom";

/** Changes that are listed; the rest is counted. */
const MOST_CHANGES = 200;

/** `longevity.summary.total_variants: 2 → 3`, a line each; a list is compared by place. */
export function twinChanges(before: unknown, after: unknown): string[] {
  const old = leaves(before);
  const now = leaves(after);
  const lines: string[] = [];
  for (const [path, value] of now) {
    const was = old.get(path);
    if (was === undefined) lines.push(`+ ${path}: ${value}`);
    else if (was !== value) lines.push(`~ ${path}: ${was} → ${value}`);
  }
  for (const [path, value] of old) if (!now.has(path)) lines.push(`- ${path}: ${value}`);
  return cut(lines);
}

/** Lines of text that only one of two pages shows. */
export function textChanges(before: string, after: string): string[] {
  const [old, now] = [textLines(before), textLines(after)];
  return cut([
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ]);
}

function leaves(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null)
    return new Map([[path, JSON.stringify(value) ?? "nothing"]]);
  const entries = Object.entries(value);
  if (entries.length === 0) return new Map([[path, Array.isArray(value) ? "[]" : "{}"]]);
  return new Map(
    entries.flatMap(([key, inner]) => {
      const name = Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      return [...leaves(inner, name)];
    }),
  );
}

function textLines(html: string): string[] {
  const { document } = new JSDOM(html).window;
  for (const one of document.querySelectorAll("style, script")) one.remove();
  // A cell, a paragraph and a heading are each a line of their own.
  for (const block of document.querySelectorAll("td, th, p, li, dt, dd, h1, h2, h3, summary"))
    block.append("\n");
  const lines = (document.body.textContent ?? "")
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim());
  return lines.filter((line) => line !== "");
}

function cut(lines: readonly string[]): string[] {
  const more = lines.length - MOST_CHANGES;
  return more <= 0 ? [...lines] : [...lines.slice(0, MOST_CHANGES), `… and ${more} more`];
}
