import { holes } from "#graph/template-holes.ts";
import type { CellView } from "#protocol/view.ts";

import { declarations } from "./declarations.ts";
import { parseScript } from "./parse-script.ts";
import { renameInJs } from "./rename-in-js.ts";

/** Declarations at the left edge of a text that has types: to take them out is for later. */
const DECLARED = /^(?:const|let|var|class|(?:async )?function\*?)\s+([\p{L}_$][\w$]*)/gmu;

/** Of each view of a cell, which every figure asks for. */
const defined = new WeakMap<CellView, readonly string[]>();

/** Names that a cell gives to others: its own, and what its script declares. */
export function definedNames(cell: CellView): readonly string[] {
  const known = defined.get(cell);
  if (known !== undefined) return known;
  const isScript = cell.asset === null && (cell.language === "js" || cell.language === "ts");
  const declared = isScript ? declaredNames(cell.source) : [];
  const names = [...new Set([...(cell.name === null ? [] : [cell.name]), ...declared])];
  defined.set(cell, names);
  return names;
}

function declaredNames(source: string): string[] {
  try {
    const parsed = parseScript(source);
    return parsed.kind === "program" ? declarations(parsed.node).map(({ name }) => name) : [];
  } catch {
    return [...source.matchAll(DECLARED)].flatMap(([, name]) => name ?? []);
  }
}

/**
 * Which of `names` a cell reads: what its analysis found, and variables of its JavaScript. Without the grammar of
 * the language, so a variable that a function declares for itself counts when it has the name of another cell's.
 */
export function usedNames(cell: CellView, names: Iterable<string>): string[] {
  const own = new Set(definedNames(cell));
  const inputs = new Set(cell.inputs ?? []);
  const code = javaScriptOf(cell);
  return [...names].filter(
    (name) => inputs.has(name) || (!own.has(name) && code.some((text) => isUsed(text, name))),
  );
}

/** Whether a cell shows something that was made: rows, a picture, numbers in words. An input shows itself. */
export function isFigure(cell: CellView): boolean {
  if (cell.kind !== "markdown") return cell.language !== "input";
  return javaScriptOf(cell).some((text) => text.trim() !== "");
}

function isUsed(text: string, name: string): boolean {
  return text.includes(name) && renameInJs(text, name, `${name}_`) !== text;
}

/** The JavaScript in a cell: the whole of a script, the `${}` of others. */
function javaScriptOf({ asset, kind, language, source }: CellView): string[] {
  if (kind !== "markdown" && asset !== null) return [];
  switch (language) {
    case "js":
    case "ts":
    case "input":
      return [source];
    case "sql":
      return expressions(source, "sql");
    case "md":
    case "html":
      return expressions(source, "prose");
    default:
      return [];
  }
}

function expressions(source: string, syntax: "sql" | "prose"): string[] {
  try {
    return holes(source, syntax).expressions.map(({ text }) => text);
  } catch {
    // The cell says itself that a `${` has no end.
    return [];
  }
}
