import type { PlotOptions } from "@observablehq/plot";

/** What every view takes; more may be in it that one view alone knows. */
export interface ViewOptions {
  /** Pixels; the notebook's `width` fits the column. */
  readonly width?: number;
}

/** Options that all plots share. */
export function plotOptions({ width }: ViewOptions): PlotOptions {
  return {
    width: width ?? 760,
    style: { background: "transparent", color: "var(--ink)", fontFamily: "var(--ui)", overflow: "visible" },
  };
}
