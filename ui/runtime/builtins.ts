import { PACKAGES } from "../js/packages.ts";
import { VIEW_NAMES } from "../js/builtin-names.ts";
import { isDark, onThemeChange } from "../shell/theme.ts";
import { chosenRows } from "./chosen-rows.ts";
import { input, Mutable, observe } from "./generators.ts";

/** Room that the frame of a cell takes beside its output, within the padding of the column, in pixels. */
const FRAME_PX = 60;

/**
 * The value of a name that the page gives to cells, or values that follow one another. Libraries are loaded with the
 * first cell that names them.
 */
export async function builtin(name: string): Promise<unknown> {
  switch (name) {
    case "Plot":
      return import("@observablehq/plot");
    case "Inputs":
      await import("@observablehq/inputs/dist/index.css");
      return import("@observablehq/inputs");
    case "d3":
      return import("d3");
    case "html":
    case "svg":
    case "md":
      return (await import("./markup-tags.ts"))[name];
    case "Mutable":
      return <Value>(value: Value) => new Mutable(value);
    case "selection":
      return (table: unknown) => chosenRows.input(table);
    case "Generators":
      return { observe, input };
    case "now":
      return observe<number>((change) => every(change));
    case "width":
      return observe<number>((change) => columnWidth(change));
    case "dark":
      return observe<boolean>((change) => darkness(change));
    default:
      if (VIEW_NAMES.includes(name)) return (await import("../views/index.ts")).views[name];
      throw new Error(`no such builtin: ${name}, of ${[...PACKAGES.values()].join(" ")}`);
  }
}

/** Milliseconds since 1970, once a second. */
function every(change: (now: number) => void): () => void {
  change(Date.now());
  const timer = setInterval(() => change(Date.now()), 1_000);
  return () => clearInterval(timer);
}

/** Pixels that an output may be wide. */
function columnWidth(change: (width: number) => void): () => void {
  const column = document.querySelector(".column") ?? document.body;
  let last = 0;
  const look = (): void => {
    // While another page is shown the column has no width, and what is drawn for it stays.
    if (last !== 0 && column.clientWidth === 0) return;
    const { paddingLeft, paddingRight } = getComputedStyle(column);
    const room =
      column.clientWidth - (Number.parseFloat(paddingLeft) || 0) - (Number.parseFloat(paddingRight) || 0);
    const width = Math.max(240, Math.floor(room - FRAME_PX));
    if (width !== last) change(width);
    last = width;
  };
  look();
  const observer = new ResizeObserver(look);
  observer.observe(column);
  return () => observer.disconnect();
}

/** See {@link isDark}. */
function darkness(change: (dark: boolean) => void): () => void {
  const look = (): void => change(isDark());
  look();
  return onThemeChange(look);
}
