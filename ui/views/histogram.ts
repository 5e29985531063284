import * as Plot from "@observablehq/plot";

import { count } from "#protocol/numerals.ts";

import { figure, nothingToDraw } from "./figure.ts";
import { plotOptions } from "./options.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";
import { numberOf, rowsOf } from "./rows.ts";

/** What a histogram is of. */
export interface HistogramOf {
  /** Column that holds where each bin starts. */
  readonly column: string;
  readonly label: string;
  /** Drawn as a rule, and named. */
  readonly mark?: { readonly at: number; readonly words: string };
  readonly caption: (total: string) => string;
}

/** Bars of counts that the kernel has binned: a row has a bin's start and `variants`, its count. */
export function histogram(table: RowsLike, of: HistogramOf, options: ViewOptions): HTMLElement {
  const bins = rowsOf(table, [of.column, "variants"])
    .flatMap((row) => {
      const [start, variants] = [numberOf(row[of.column]), numberOf(row["variants"])];
      return start === null || variants === null ? [] : [{ start, variants }];
    })
    .toSorted((a, b) => a.start - b.start);
  if (bins.length === 0) return nothingToDraw(`The table has no bins: it needs ${of.column} and variants.`);
  const width = Math.min(
    ...bins.slice(1).map((bin, index) => bin.start - (bins[index]?.start ?? 0)),
    Infinity,
  );
  const size = Number.isFinite(width) && width > 0 ? width : 1;
  const drawn = bins.map((bin) => ({ ...bin, end: bin.start + size }));
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 260,
    marginLeft: 64,
    x: { label: of.label },
    y: { label: "Variants", grid: true },
    marks: [
      Plot.rectY(drawn, {
        x1: "start",
        x2: "end",
        y: "variants",
        fill: "var(--accent)",
        inset: 0.5,
        tip: true,
      }),
      Plot.ruleY([0], { stroke: "var(--faint)" }),
      of.mark === undefined
        ? null
        : Plot.ruleX([of.mark.at], {
            stroke: "var(--ink)",
            strokeDasharray: "3 3",
            title: () => of.mark?.words,
          }),
    ],
  });
  return figure({
    plot,
    caption: of.caption(count(bins.reduce((sum, bin) => sum + bin.variants, 0))),
    heads: [of.label, "variants"],
    rows: drawn.map((bin) => [`${rounded(bin.start)}–${rounded(bin.end)}`, bin.variants]),
  });
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
