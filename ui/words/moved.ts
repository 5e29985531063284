/** What moved between two runs, in words. */
import type { AnnotationChange, AnnotationDiff } from "#protocol/annotation.ts";

import { counted, signed } from "./numbers.ts";

export interface Moved {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export const MOVED_LOOKS: Readonly<Record<keyof Moved, { readonly icon: string; readonly tone: string }>> = {
  added: { icon: "+", tone: "fresh" },
  removed: { icon: "\u2212", tone: "failed" },
  changed: { icon: "~", tone: "stale" },
};

/** Sums over the modules. */
export function movedIn({ modules }: Pick<AnnotationDiff, "modules">): Moved {
  const sum = (kind: keyof Moved): number => modules.reduce((total, module) => total + module[kind], 0);
  return { added: sum("added"), removed: sum("removed"), changed: sum("changed") };
}

/** Modules of which a row moved, or the sum did. */
export function movedModules({ modules }: Pick<AnnotationDiff, "modules">): AnnotationDiff["modules"] {
  return modules.filter(
    (one) => one.added + one.removed + one.changed > 0 || one.net_weight_before !== one.net_weight_after,
  );
}

/** `net −2.90 → −2.40`; without weights, `11 rows → 12 rows`. */
export function totalsWords(module: AnnotationDiff["modules"][number]): string {
  const { net_weight_before: before, net_weight_after: after } = module;
  const rows = `${counted(module.rows_before, "row")} → ${counted(module.rows_after, "row")}`;
  if (before === null && after === null) return rows;
  const net = `net ${weightWords(before)} → ${weightWords(after)}`;
  return module.rows_before === module.rows_after ? net : `${net} · ${rows}`;
}

/** What one row said, on either side; a side on which it was not there is a dash. */
export function sideWords(row: AnnotationChange, side: "before" | "after"): string {
  if (row.kind === (side === "before" ? "added" : "removed")) return "–";
  const [weight, state] =
    side === "before" ? [row.weight_before, row.state_before] : [row.weight_after, row.state_after];
  return [weight === null ? null : signed(weight), state].filter(Boolean).join(" ") || "no weight";
}

/** Whether all that moved of a row is its sentence. */
export function onlyConclusion(row: AnnotationChange): boolean {
  return row.kind === "changed" && sideWords(row, "before") === sideWords(row, "after");
}

function weightWords(weight: number | null): string {
  return weight === null ? "–" : signed(weight);
}
