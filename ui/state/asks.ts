import { counted } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

/** What the cells of a notebook would do if they ran, as sentences: what a person decides upon who is to trust it. */
export function askWords(cells: readonly CellView[]): string {
  const count = (is: (cell: CellView) => boolean): number => cells.filter(is).length;
  const parts: readonly (readonly [string, number])[] = [
    ["run code in this page", count((cell) => isScript(cell) && !inKernel(cell))],
    ["run code on this computer", count((cell) => isScript(cell) && inKernel(cell))],
    ["show pages of its own in a frame", count(({ language }) => language === "html" || language === "njk")],
    ["run SQL", count(({ language }) => language === "sql")],
    ["read files and datasets", count(({ attributes }) => "source" in attributes)],
    // Modules, matches, joins, reports, exports: what they do is Karyon's own, upon what of, the notebook says.
    [
      "run steps of Karyon",
      count(({ language, attributes }) => language === "yaml" && !("source" in attributes)),
    ],
  ];
  const deeds = parts.flatMap(([what, n]) => (n === 0 ? [] : [`${what} (${counted(n, "cell")})`]));
  const places = addresses(cells);
  return [
    deeds.length === 0 ? "It is text alone." : `It would ${AND.format(deeds)}.`,
    ...(places.length === 0
      ? []
      : [`It names the ${places.length === 1 ? "address" : "addresses"} ${AND.format(places)}.`]),
  ].join(" ");
}

/** A list as English writes it. */
const AND = new Intl.ListFormat("en");

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
  const names = [...new Set(hosts.map(([, host = ""]) => host))];
  const more = names.length - MOST_ADDRESSES;
  return [...names.slice(0, MOST_ADDRESSES), ...(more > 0 ? [`${more} more`] : [])];
}
