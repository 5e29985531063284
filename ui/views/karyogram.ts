import * as Plot from "@observablehq/plot";

import { counted } from "#protocol/numerals.ts";

import { CHROMOSOME_LENGTHS } from "./chromosome-lengths.ts";
import { figure, nothingToDraw } from "./figure.ts";
import { hitName, hitsOf, tone, TONE_COLOURS } from "./hits.ts";
import { plotOptions } from "./options.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";

const MEGABASE = 1_000_000;

/** Hits as ticks on the chromosomes, at their positions, by the sign of their weight. */
export function karyogram(hits: RowsLike, options: ViewOptions = {}): HTMLElement {
  const placed = hitsOf(hits).flatMap((hit) =>
    hit.start !== null && CHROMOSOME_LENGTHS.has(hit.chrom)
      ? [{ ...hit, megabase: hit.start / MEGABASE, tone: tone(hit.weight), name: hitName(hit) }]
      : [],
  );
  if (placed.length === 0) return nothingToDraw("No hit has a position on a chromosome.");
  const chromosomes = [...CHROMOSOME_LENGTHS].map(([chrom, length]) => ({ chrom, end: length / MEGABASE }));
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 470,
    marginLeft: 34,
    x: { label: "Position (Mb)", grid: true },
    y: { label: null, domain: [...CHROMOSOME_LENGTHS.keys()], padding: 0.45 },
    color: { ...TONE_COLOURS, legend: true },
    marks: [
      Plot.barX(chromosomes, { x1: 0, x2: "end", y: "chrom", fill: "var(--line)", rx: 4 }),
      Plot.tickX(placed, {
        x: "megabase",
        y: "chrom",
        stroke: "tone",
        strokeWidth: 2.4,
        inset: -3,
        channels: { hit: "name", module: "module", weight: "weight" },
        tip: { format: { stroke: false } },
      }),
    ],
  });
  const on = new Set(placed.map((hit) => hit.chrom)).size;
  return figure({
    plot,
    caption: `${counted(placed.length, "hit")} on ${counted(on, "chromosome")}, at their positions.`,
    heads: ["hit", "module", "chromosome", "position", "weight"],
    rows: placed.map((hit) => [hit.name, hit.module, hit.chrom, hit.start ?? "", hit.weight ?? "none"]),
  });
}
