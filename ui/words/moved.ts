/** What moved between two runs, in words. */
import type { ModuleMove } from "#protocol/diff.ts";
import { counted, signed } from "#protocol/numerals.ts";

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
export function movedIn(modules: readonly ModuleMove[]): Moved {
  const sum = (kind: keyof Moved): number => modules.reduce((total, module) => total + module[kind], 0);
  return { added: sum("added"), removed: sum("removed"), changed: sum("changed") };
}

/** Modules of which a row moved, or the sum did. */
export function movedModules(modules: readonly ModuleMove[]): ModuleMove[] {
  return modules.filter(
    (one) => one.added + one.removed + one.changed > 0 || one.net_weight_before !== one.net_weight_after,
  );
}

/** `net −2.90 → −2.40`; without weights, `11 rows → 12 rows`. */
export function totalsWords(module: ModuleMove): string {
  const { net_weight_before: before, net_weight_after: after } = module;
  const rows = `${counted(module.rows_before, "row")} → ${counted(module.rows_after, "row")}`;
  if (before === null && after === null) return rows;
  const net = `net ${weightWords(before)} → ${weightWords(after)}`;
  return module.rows_before === module.rows_after ? net : `${net} · ${rows}`;
}

/** A sum of weights; a dash where nothing is weighted. */
export function weightWords(weight: number | null): string {
  return weight === null ? "–" : signed(weight);
}
