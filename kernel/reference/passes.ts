import type { Engine } from "../engines/engine.ts";

/** How much is looked up together. */
export interface PassLimits {
  /** Most contigs of one pass. */
  readonly contigs: number;
  /** Variants of one pass, as far as whole contigs allow. */
  readonly variants: number;
  /** Most passes side by side. */
  readonly atOnce: number;
}

/** Polars holds what it reads of one query at once, and has one set of tables: it takes few contigs, in turn. */
const LIMITS: Readonly<Record<string, PassLimits>> = { polars: { contigs: 4, variants: 100_000, atOnce: 1 } };
/**
 * DuckDB may look at every contig together. Much of a pass keeps one processor busy, for its tables are small: two
 * passes of half the size take as much memory as one, and nearly half the time.
 */
const USUAL: PassLimits = { contigs: 25, variants: 160_000, atOnce: 2 };

export function passLimits(engine: Engine): PassLimits {
  return LIMITS[engine.name] ?? USUAL;
}

/** Some contigs by their names, and how many variants lie on them. */
export interface Pass {
  readonly contigs: readonly string[];
  readonly variants: number;
}

/** Contigs in their order, as many together as the limits allow; one that is not `known` is not looked up. */
export function passesOf(
  contigs: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, unknown>,
  limits: PassLimits,
): Pass[] {
  const passes: { contigs: string[]; variants: number }[] = [];
  for (const [name, variants] of contigs) {
    const last = passes.at(-1);
    const isFull = last?.contigs.filter((one) => known.has(one)).length === limits.contigs;
    if (last === undefined || last.variants + variants > limits.variants || (isFull && known.has(name))) {
      passes.push({ contigs: [name], variants });
    } else {
      last.contigs.push(name);
      last.variants += variants;
    }
  }
  return passes.length > 0 ? passes : [{ contigs: [], variants: 0 }];
}

/**
 * Does the work of all passes, the largest first and some side by side: no more variants together than the largest
 * has alone, or than the limits say. After a failure no pass begins, and what runs is stopped and waited for.
 */
export async function carryOutAll(
  passes: readonly Pass[],
  { atOnce, variants }: PassLimits,
  signal: AbortSignal,
  work: (pass: Pass, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const most = Math.max(atOnce * variants, ...passes.map((pass) => pass.variants));
  const waiting = passes.toSorted((a, b) => b.variants - a.variants);
  const running = new Set<Promise<void>>();
  const stop = new AbortController();
  let together = 0;
  const begin = (pass: Pass): void => {
    together += pass.variants;
    const done = work(pass, AbortSignal.any([signal, stop.signal])).finally(() => {
      together -= pass.variants;
      running.delete(done);
    });
    running.add(done);
  };
  try {
    while (waiting.length > 0 || running.size > 0) {
      signal.throwIfAborted();
      const next = running.size < atOnce ? waiting.findIndex((pass) => together + pass.variants <= most) : -1;
      const [pass] = next < 0 ? [] : waiting.splice(next, 1);
      if (pass === undefined) await Promise.race(running);
      else begin(pass);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
}
