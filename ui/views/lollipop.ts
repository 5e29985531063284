import * as Plot from "@observablehq/plot";

import { counted } from "#protocol/numerals.ts";

import { figure, nothingToDraw } from "./figure.ts";
import { hitName, hitsOf, tone, TONE_COLOURS } from "./hits.ts";
import { chosenModule } from "./module-choice.ts";
import { plotOptions } from "./options.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

export interface LollipopOptions extends ViewOptions {
  /** The module to draw; the one with most weighted hits when it is not said. */
  readonly module?: string;
}

/** Lollipops that fit a screen; the strongest are drawn. */
const MOST = 40;

/** Weights of one module's hits, the strongest first. */
export function lollipop(hits: RowsLike, options: LollipopOptions = {}): HTMLElement {
  const { module, weighted } = chosenModule(hitsOf(hits), options.module);
  if (weighted.length === 0) return nothingToDraw(`No hit of ${module ?? "any module"} has a weight.`);
  const drawn = weighted
    .toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST)
    .map((hit, index) => ({
      ...hit,
      tone: tone(hit.weight),
      name: `${hitName(hit)}${"\u200b".repeat(index)}`,
    }));
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 60 + drawn.length * 18,
    marginLeft: 190,
    // Above: many lollipops scroll, and their scale is seen with the first of them.
    x: { label: "Weight", grid: true, nice: true, axis: "top" },
    y: { label: null, domain: drawn.map((hit) => hit.name), tickSize: 0 },
    color: TONE_COLOURS,
    marks: [
      Plot.ruleX([0], { stroke: "var(--faint)" }),
      Plot.ruleY(drawn, { x1: 0, x2: "weight", y: "name", stroke: "tone", strokeWidth: 1.6 }),
      Plot.dot(drawn, {
        x: "weight",
        y: "name",
        fill: "tone",
        r: 4.5,
        channels: { conclusion: "conclusion" },
        tip: { format: { fill: false, y: false }, lineWidth: 40 },
      }),
    ],
  });
  const cut =
    drawn.length < weighted.length
      ? `the ${drawn.length} strongest of ${weighted.length} hits`
      : counted(drawn.length, "hit");
  return figure({
    plot,
    caption: `Weights of ${cut} of ${module ?? "the module"}, on its own scale.`,
    heads: ["hit", "weight", "conclusion"],
    rows: drawn.map((hit) => [hitName(hit), hit.weight, hit.conclusion]),
  });
}
