import { cellAnchor } from "../shell/show-cell.ts";
import { patternOf } from "./matches.ts";
import type { Search } from "./matches.ts";

/** Marked in the page without touching its elements: names of the style. */
const ALL = "karyon-find";
const CURRENT = "karyon-find-now";
/** Where texts of cells stand, and where what they gave. */
const TEXTS = ".code code, .prose";
const OUTPUTS = ".output";

/** Marks what is found, where it is shown; a browser that cannot mark shows it unmarked. */
export function highlight(search: Search | null, inOutputs: boolean, current: Range | null): void {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
  if (search === null) return;
  CSS.highlights.set(
    ALL,
    new Highlight(...rangesIn(document.querySelector("main.notebook"), search, inOutputs)),
  );
  if (current !== null) CSS.highlights.set(CURRENT, new Highlight(current));
}

/** What is found in what is shown of a cell, in the order of the page. */
export function rangesOfCell(cell: string, search: Search, inOutputs: boolean): Range[] {
  return rangesIn(document.getElementById(cellAnchor(cell)), search, inOutputs);
}

/** Cells whose output shows what is searched, once for each place. */
export function outputMatches(cells: readonly string[], search: Search): string[] {
  return cells.flatMap((cell) => {
    const root = document.getElementById(cellAnchor(cell));
    return rangesUnder(root?.querySelectorAll(OUTPUTS) ?? [], search).map(() => cell);
  });
}

function rangesIn(root: Element | null, search: Search, inOutputs: boolean): Range[] {
  if (root === null) return [];
  const places = root.querySelectorAll(inOutputs ? `${TEXTS}, ${OUTPUTS}` : TEXTS);
  return rangesUnder(places, search);
}

function rangesUnder(roots: Iterable<Element>, search: Search): Range[] {
  const pattern = patternOf(search);
  if (pattern === null) return [];
  return [...roots].flatMap((root) => rangesInText(root, pattern));
}

/** A match may reach over several coloured words: the texts are laid end to end. */
function rangesInText(root: Element, pattern: RegExp): Range[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes: { readonly node: Node; readonly start: number }[] = [];
  let text = "";
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node, start: text.length });
    text += node.textContent ?? "";
  }
  const place = (at: number): { readonly node: Node; readonly offset: number } | null => {
    const found = nodes.findLast(({ start }) => start <= at);
    return found === undefined ? null : { node: found.node, offset: at - found.start };
  };
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [from, to] = [place(match.index), place(match.index + match[0].length - 1)];
    if (match[0] === "" || from === null || to === null) return [];
    const range = document.createRange();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset + 1);
    return [range];
  });
}
