import * as Plot from "@observablehq/plot";

import { counted } from "#protocol/numerals.ts";

import { figure, nothingToDraw } from "./figure.ts";
import { hitName, hitsOf, tone, TONE_COLOURS } from "./hits.ts";
import type { LollipopOptions } from "./lollipop.ts";
import { chosenModule } from "./module-choice.ts";
import { plotOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

/** Steps that are drawn one by one; what is weaker is one step at the end. */
const STEPS = 24;

/** How the weights of one module's hits add up, the strongest first. */
export function waterfall(hits: RowsLike, options: LollipopOptions = {}): HTMLElement {
  const { module, weighted } = chosenModule(hitsOf(hits), options.module);
  if (weighted.length === 0) return nothingToDraw(`No hit of ${module ?? "any module"} has a weight.`);
  const ordered = weighted.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const rest = ordered.slice(STEPS);
  const steps = [
    ...ordered.slice(0, STEPS).map((hit) => ({ name: hitName(hit), weight: hit.weight })),
    ...(rest.length === 0
      ? []
      : [{ name: `${rest.length} weaker`, weight: rest.reduce((sum, { weight }) => sum + weight, 0) }]),
  ];
  let total = 0;
  const bars = steps.map(({ name, weight }, index) => {
    const from = total;
    total += weight;
    return { name, weight, from, to: total, step: index + 1, tone: tone(weight) };
  });
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 340,
    marginBottom: 30,
    x: { label: "Hits, the strongest first", tickFormat: () => "", tickSize: 0 },
    y: { label: "Sum of weights", grid: true, nice: true },
    color: TONE_COLOURS,
    marks: [
      Plot.barY(bars, {
        x: "step",
        y1: "from",
        y2: "to",
        fill: "tone",
        channels: { hit: "name", weight: "weight", sum: "to" },
        tip: { format: { fill: false, x: false, y: false } },
      }),
      Plot.ruleY([0], { stroke: "var(--faint)" }),
      Plot.ruleY([total], { stroke: "var(--ink)", strokeDasharray: "3 3" }),
    ],
  });
  return figure({
    plot,
    caption: `The weights of ${counted(weighted.length, "hit")} of ${module ?? "the module"} add up to ${rounded(total)}.`,
    heads: ["hit", "weight", "sum so far"],
    rows: bars.map((bar) => [bar.name, rounded(bar.weight), rounded(bar.to)]),
  });
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
