/** Names that the page gives to every browser cell. A cell that defines one of them is an error. */

/** Given anew to each run of a cell. */
export const CELL_NAMES: ReadonlySet<string> = new Set(["display", "view", "invalidation"]);

/** Ready-made pictures, by the names under which a notebook calls them. */
export const VIEW_NAMES: readonly string[] = [
  "karyogram",
  "lollipop",
  "waterfall",
  "qualityHistogram",
  "tiTv",
  "alleleBalance",
  "categoryBars",
];

/** Variables of the page itself. */
export const PAGE_NAMES: ReadonlySet<string> = new Set([
  "Plot",
  "d3",
  "Inputs",
  "html",
  "svg",
  "md",
  "Mutable",
  "Generators",
  "selection",
  "now",
  "width",
  "dark",
  ...VIEW_NAMES,
]);

export function isBuiltin(name: string): boolean {
  return CELL_NAMES.has(name) || PAGE_NAMES.has(name);
}
