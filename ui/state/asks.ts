import { counted } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

/** What the cells of a notebook would do if they ran, in words: what a person decides upon who is to trust it. */
export function asksOf(cells: readonly CellView[]): string[] {
  const count = (is: (cell: CellView) => boolean): number => cells.filter(is).length;
  const parts: readonly (readonly [string, number])[] = [
    ["code in this page", count((cell) => isScript(cell) && !inKernel(cell))],
    ["code on this computer", count((cell) => isScript(cell) && inKernel(cell))],
    ["pages of its own, in a frame,", count(({ language }) => language === "html" || language === "njk")],
    ["SQL", count(({ language }) => language === "sql")],
    ["files and datasets", count(({ attributes }) => "source" in attributes)],
    // Modules, matches, joins, reports, exports: what they do is Karyon's own, upon what of, the notebook says.
    [
      "steps of Karyon",
      count(({ language, attributes }) => language === "yaml" && !("source" in attributes)),
    ],
  ];
  const places = addresses(cells);
  return [
    ...parts.filter(([, cellsOf]) => cellsOf > 0).map(([what, n]) => `${what} in ${counted(n, "cell")}`),
    ...(places.length === 0 ? [] : [`names the address ${places.join(", ")}`]),
  ];
}

/** Cells whose text is a program; prose with values in it is one too. */
function isScript({ language, kind, source }: CellView): boolean {
  return ["js", "ts", "input"].includes(language) || (kind === "markdown" && source.includes("${"));
}

function inKernel({ attributes }: CellView): boolean {
  return "kernel" in attributes;
}

const MOST_ADDRESSES = 6;

/** Hosts that the computing cells name: links in prose ask nobody until they are followed. */
function addresses(cells: readonly CellView[]): string[] {
  const texts = cells
    .filter(({ kind }) => kind !== "markdown")
    .map(({ source, attributes }) => `${source} ${Object.values(attributes).join(" ")}`);
  const hosts = texts.flatMap((text) => [...text.matchAll(/\b(?:https?|wss?|ftp):\/\/([^/\s"'`)]+)/g)]);
  return [...new Set(hosts.map(([, host = ""]) => host))].slice(0, MOST_ADDRESSES);
}
