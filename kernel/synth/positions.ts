import type { Stretch } from "./contigs.ts";
import type { Random } from "./random.ts";

/** Bases of one window: variants are dense in one and sparse in the next, as along real chromosomes. */
const WINDOW = 50_000;
/** Relative density of a window, drawn at random: spread over a factor of forty. */
const DENSITIES = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1, 1, 1.1, 1.2, 1.4, 1.7, 2.2, 3, 4];
/** Share of variants that lie within {@link CLUSTER} bases of another, on the same haplotype. */
const CLUSTERED = 0.3;
const CLUSTER = 400;

/** `total` cut in proportion to the weights: whole numbers that add up to it, the same on every machine. */
export function shares(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let reached = 0;
  let given = 0;
  return weights.map((weight, index) => {
    reached += weight;
    const upTo = index === weights.length - 1 ? total : Math.floor((total * reached) / sum);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

/** Bases of the stretches together. */
export function basesOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((bases, { first, last }) => bases + last - first + 1, 0);
}

/**
 * `count` distinct positions (1-based) in the stretches, ascending, in batches of one window each.
 *
 * @throws {RangeError} when a window holds fewer bases than positions asked for
 */
export function* positions(
  stretches: readonly Stretch[],
  count: number,
  random: Random,
): Generator<Uint32Array> {
  const bases = basesOf(stretches);
  const windows = Math.max(1, Math.floor(bases / WINDOW));
  const width = Math.floor(bases / windows);
  const densities = Array.from({ length: windows }, () => random.pick(DENSITIES));
  const place = placer(stretches);
  for (const [window, inWindow] of shares(count, densities).entries()) {
    if (inWindow > width) throw new RangeError(`${inWindow} positions in ${width} bases`);
    if (inWindow > 0) yield offsets(inWindow, width, random).map((offset) => place(window * width + offset));
  }
}

/** `count` distinct numbers from 0 to `width` − 1, ascending: sorted draws with repeats, spread by their rank. */
function offsets(count: number, width: number, random: Random): Uint32Array {
  const room = width - count + 1;
  const drawn = new Uint32Array(count);
  for (let rank = 0; rank < count; rank++) {
    const near = (drawn[rank - 1] ?? 0) + random.below(CLUSTER);
    drawn[rank] = rank > 0 && random.chance(CLUSTERED) && near < room ? near : random.below(room);
  }
  drawn.sort();
  return drawn.map((offset, rank) => offset + rank);
}

/** From the n-th base of the stretches to its position; to be asked in ascending order. */
function placer(stretches: readonly Stretch[]): (base: number) => number {
  let at = 0;
  let before = 0;
  return (base) => {
    for (;;) {
      const stretch = stretches[at];
      if (stretch === undefined) throw new RangeError(`base ${base} is past the last stretch`);
      const bases = stretch.last - stretch.first + 1;
      if (base < before + bases) return stretch.first + base - before;
      before += bases;
      at++;
    }
  };
}
