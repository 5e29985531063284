import type { Block, Cell, Notebook } from "./notebook.ts";

/** Languages that compute without a name; the others are cells only when they are named. */
const ALWAYS_CELLS: ReadonlySet<string> = new Set(["js", "ts", "sql"]);
const NAMED_CELLS: ReadonlySet<string> = new Set(["yaml", "njk", "html", "input"]);

/** A fence as CommonMark 0.31 §4.5 opens one, at the left edge of the page. */
const OPENING = /^ {0,3}(?<fence>`{3,}|~{3,})[ \t]*(?<info>[^\r\n]*?)[ \t]*\r?\n?$/;
const NAME = /^[A-Za-z_$][\w$-]*$/;
const ATTRIBUTE = /([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|(\S*)))?/g;

/** Reads a notebook. Never fails: what is no cell is prose, and an open fence ends with the text. */
export function parse(path: string, text: string): Notebook {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const blocks: Block[] = [];
  const ids = new Map<string, number>();
  let prose = "";
  let proseLine = 1;
  let at = 0;
  while (at < lines.length) {
    const end = fenceEnd(lines, at);
    const raw = lines.slice(at, end ?? at + 1).join("");
    const cell = end === null ? null : readCell(raw, lines.slice(at, end), at + 1, ids);
    if (cell === null) {
      if (prose === "") proseLine = at + 1;
      prose += raw;
    } else {
      if (prose !== "") blocks.push({ type: "prose", raw: prose, line: proseLine });
      prose = "";
      blocks.push(cell);
    }
    at = end ?? at + 1;
  }
  if (prose !== "") blocks.push({ type: "prose", raw: prose, line: proseLine });
  return { path, title: titleOf(path, blocks), blocks };
}

/** Index after the last line of the fence that opens at `start`; null when none opens there. */
function fenceEnd(lines: readonly string[], start: number): number | null {
  const opening = OPENING.exec(lines[start] ?? "")?.groups;
  const fence = opening?.["fence"];
  if (fence === undefined || (fence.startsWith("`") && opening?.["info"]?.includes("`"))) return null;
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}[ \\t]*\\r?\\n?$`);
  for (let at = start + 1; at < lines.length; at++) if (closing.test(lines[at] ?? "")) return at + 1;
  return lines.length;
}

function readCell(
  raw: string,
  lines: readonly string[],
  line: number,
  ids: Map<string, number>,
): Cell | null {
  const info = OPENING.exec(lines[0] ?? "")?.groups?.["info"] ?? "";
  const [language = "", second = ""] = info.split(/\s+/, 2);
  const name = NAME.test(second) ? second : null;
  if (!ALWAYS_CELLS.has(language) && !(NAMED_CELLS.has(language) && name !== null)) return null;
  const rest = info
    .slice(language.length)
    .trimStart()
    .slice(name?.length ?? 0);
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, key = "", double, single, bare] of rest.matchAll(ATTRIBUTE)) {
    attributes[key] = double ?? single ?? bare ?? "";
  }
  if (attributes["run"] === "false") return null;
  const last = lines.length > 1 && /^ {0,3}(`{3,}|~{3,})[ \t]*\r?\n?$/.test(lines.at(-1) ?? "") ? 1 : 0;
  const source = lines
    .slice(1, lines.length - last)
    .join("")
    .replace(/\r?\n$/, "");
  return {
    type: "cell",
    id: uniqueId(name ?? `${language}-${fingerprint(source)}`, ids),
    name,
    language,
    attributes,
    source,
    raw,
    line,
  };
}

function uniqueId(wanted: string, ids: Map<string, number>): string {
  const seen = ids.get(wanted) ?? 0;
  ids.set(wanted, seen + 1);
  return seen === 0 ? wanted : `${wanted}~${seen + 1}`;
}

/** FNV-1a, 32 bits: names an unnamed cell by its content, so that moving it keeps its state. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

function titleOf(path: string, blocks: readonly Block[]): string {
  for (const block of blocks) {
    const heading = block.type === "prose" ? /^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*\r?$/m.exec(block.raw) : null;
    if (heading?.[1] !== undefined) return heading[1];
  }
  return path.replace(/^.*\//, "").replace(/\.md$/, "");
}
