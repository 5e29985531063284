import { attributesIn } from "#protocol/attributes.ts";

import type { Block, Cell, Notebook } from "./notebook.ts";

/** Languages that compute without a name; the others are cells only when they are named. */
const ALWAYS_CELLS: ReadonlySet<string> = new Set(["js", "ts", "sql"]);
const NAMED_CELLS: ReadonlySet<string> = new Set(["yaml", "njk", "html", "input"]);

/** A fence as CommonMark 0.31 §4.5 opens one, at the left edge of the page. */
const OPENING = /^ {0,3}(?<fence>`{3,}|~{3,})(?<info>[^\r\n]*)\r?\n?$/;
const NAME = /^[A-Za-z_$][\w$-]*$/;
/** A heading as CommonMark 0.31 §4.2 has it, at the left edge too. */
const HEADING = /^ {0,3}#{1,6}[ \t]+(?<text>.+)/;

/** Reads a notebook. Never fails: what is no cell is prose, and an open fence ends with the text. */
export function parse(path: string, text: string): Notebook {
  const lines = linesOf(text);
  const blocks: Block[] = [];
  const ids = new Map<string, number>();
  let prose = "";
  let proseLine = 1;
  let title: string | undefined;
  const endProse = (): void => {
    if (prose === "") return;
    const id = uniqueId(`md-${fingerprint(prose)}`, ids);
    blocks.push({ type: "prose", id, raw: prose, line: proseLine });
    prose = "";
  };
  let at = 0;
  while (at < lines.length) {
    const fence = fenceAt(lines, at);
    if (fence === null) title ??= headingOf(lines[at] ?? "");
    const end = fence?.end ?? at + 1;
    const cell = fence === null ? null : readCell(lines.slice(at, end), fence.closed, at + 1, ids);
    if (cell === null) {
      if (prose === "") proseLine = at + 1;
      prose += lines.slice(at, end).join("");
    } else {
      endProse();
      blocks.push(cell);
    }
    at = end;
  }
  endProse();
  return { path, title: title ?? path.replace(/^.*\//, "").replace(/\.md$/, ""), blocks };
}

/** The fence that a text opens and does not close, and that would swallow what follows it; null when all are closed. */
export function openFence(text: string): string | null {
  const lines = linesOf(text);
  for (let at = 0; at < lines.length;) {
    const fence = fenceAt(lines, at);
    if (fence?.closed === false) return fence.mark;
    at = fence?.end ?? at + 1;
  }
  return null;
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Fence {
  readonly mark: string;
  /** Index after its last line. */
  readonly end: number;
  readonly closed: boolean;
}

/** The fence that opens at a line; null when none does. */
function fenceAt(lines: readonly string[], start: number): Fence | null {
  const opening = OPENING.exec(lines[start] ?? "")?.groups;
  const mark = opening?.["fence"];
  if (mark === undefined || (mark.startsWith("`") && opening?.["info"]?.includes("`"))) return null;
  const closing = new RegExp(`^ {0,3}${mark[0]}{${mark.length},}[ \\t]*\\r?\\n?$`);
  for (let at = start + 1; at < lines.length; at++) {
    if (closing.test(lines[at] ?? "")) return { mark, end: at + 1, closed: true };
  }
  return { mark, end: lines.length, closed: false };
}

function readCell(
  lines: readonly string[],
  closed: boolean,
  line: number,
  ids: Map<string, number>,
): Cell | null {
  const info = OPENING.exec(lines[0] ?? "")?.groups?.["info"]?.trim() ?? "";
  const [language = "", second = ""] = info.split(/\s+/, 2);
  const name = NAME.test(second) ? second : null;
  if (!ALWAYS_CELLS.has(language) && !(NAMED_CELLS.has(language) && name !== null)) return null;
  const rest = info
    .slice(language.length)
    .trimStart()
    .slice(name?.length ?? 0);
  const attributes = attributesIn(rest);
  if (attributes["run"] === "false") return null;
  const source = lines
    .slice(1, closed ? -1 : undefined)
    .join("")
    .replace(/\r?\n$/, "");
  return {
    type: "cell",
    id: uniqueId(name ?? `${language}-${fingerprint(source)}`, ids),
    name,
    language,
    attributes,
    source,
    raw: lines.join(""),
    line,
  };
}

function uniqueId(wanted: string, ids: Map<string, number>): string {
  const seen = ids.get(wanted) ?? 0;
  ids.set(wanted, seen + 1);
  return seen === 0 ? wanted : `${wanted}~${seen + 1}`;
}

/** FNV-1a, 32 bits: names an unnamed block by its content, so that moving it keeps its state. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

/** Step by step: one expression for all of it takes the square of the spaces in a line. */
function headingOf(line: string): string | undefined {
  const text = HEADING.exec(line)?.groups?.["text"]?.trimEnd() ?? "";
  let end = text.length;
  while (text[end - 1] === "#") end--;
  const isClosed = /^[ \t]?$/.test(text.slice(0, end).slice(-1));
  return (isClosed ? text.slice(0, end).trimEnd() : text) || undefined;
}
