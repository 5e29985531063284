import * as Plot from "@observablehq/plot";

import { count } from "#protocol/numerals.ts";

import { figure, nothingToDraw } from "./figure.ts";
import { plotOptions } from "./options.ts";
import type { ViewOptions } from "./options.ts";
import type { RowsLike } from "./rows.ts";
import { numberOf, rowsOf, textOf } from "./rows.ts";

/** Purine for purine, pyrimidine for pyrimidine. */
const TRANSITIONS: ReadonlySet<string> = new Set(["A>G", "G>A", "C>T", "T>C"]);

/**
 * Substitutions by kind, with the ratio of transitions to transversions: about 2.0–2.1 over a whole genome, near 3
 * in exomes, 0.5 where calls are chance. Rows: `ref`, `alt` (one base each) and `variants`, their count.
 */
export function tiTv(table: RowsLike, options: ViewOptions = {}): HTMLElement {
  const kinds = rowsOf(table, ["ref", "alt", "variants"]).flatMap((row) => {
    const change = `${textOf(row["ref"])}>${textOf(row["alt"])}`;
    const variants = numberOf(row["variants"]);
    if (!/^[ACGT]>[ACGT]$/.test(change) || variants === null) return [];
    return [{ change, variants, kind: TRANSITIONS.has(change) ? "transition" : "transversion" }];
  });
  const sum = (kind: string): number =>
    kinds.reduce((total, one) => total + (one.kind === kind ? one.variants : 0), 0);
  const [transitions, transversions] = [sum("transition"), sum("transversion")];
  if (transitions + transversions === 0) {
    return nothingToDraw("The table has no substitutions: it needs ref, alt and variants.");
  }
  const ratio = transversions === 0 ? "no transversion" : (transitions / transversions).toFixed(2);
  const plot = Plot.plot({
    ...plotOptions(options),
    height: 260,
    marginLeft: 64,
    x: { label: null },
    y: { label: "Variants", grid: true },
    color: {
      domain: ["transition", "transversion"],
      range: ["var(--accent)", "var(--neutral)"],
      legend: true,
    },
    marks: [
      Plot.barY(kinds, {
        x: "change",
        y: "variants",
        fill: "kind",
        sort: { x: "-y" },
        tip: { format: { fill: false } },
      }),
      Plot.ruleY([0], { stroke: "var(--faint)" }),
    ],
  });
  return figure({
    plot,
    caption: `Transitions to transversions: ${ratio} (${count(transitions)} to ${count(transversions)}).`,
    heads: ["change", "kind", "variants"],
    rows: kinds.map((one) => [one.change, one.kind, one.variants]),
  });
}
