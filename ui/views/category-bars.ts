import * as Plot from "@observablehq/plot";

import { counted } from "#protocol/numerals.ts";

import { figure, nothingToDraw } from "./figure.ts";
import { hitsOf, tone, TONE_COLOURS } from "./hits.ts";
import { plotOptions } from "./options.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

/** How many hits each category has, by the sign of their weight. A hit without a category counts for its module. */
export function categoryBars(hits: RowsLike, options: ViewOptions = {}): HTMLElement {
  const counts = new Map<string, { category: string; tone: string; hits: number }>();
  for (const hit of hitsOf(hits)) {
    const category = hit.category === "" ? hit.module : hit.category;
    const key = `${category}\n${tone(hit.weight)}`;
    const known = counts.get(key) ?? { category, tone: tone(hit.weight), hits: 0 };
    counts.set(key, { ...known, hits: known.hits + 1 });
  }
  const bars = [...counts.values()];
  if (bars.length === 0) return nothingToDraw("There are no hits.");
  const categories = new Set(bars.map((bar) => bar.category));
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 50 + categories.size * 24,
    marginLeft: 190,
    x: { label: "Hits", grid: true },
    y: { label: null, tickSize: 0 },
    color: { ...TONE_COLOURS, legend: true },
    marks: [
      Plot.barX(bars, {
        x: "hits",
        y: "category",
        fill: "tone",
        order: TONE_COLOURS.domain,
        sort: { y: "-x" },
        tip: true,
      }),
      Plot.ruleX([0], { stroke: "var(--faint)" }),
    ],
  });
  const total = bars.reduce((sum, bar) => sum + bar.hits, 0);
  return figure({
    plot,
    caption: `${counted(total, "hit")} in ${counted(categories.size, "category", "categories")}, by the sign of their weight.`,
    heads: ["category", "sign", "hits"],
    rows: bars.map((bar) => [bar.category, bar.tone, bar.hits]),
  });
}
