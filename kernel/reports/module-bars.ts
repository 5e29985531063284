import { twoDecimals } from "../modules/two-decimals.ts";
import type { VariantView } from "./variant.ts";

/** Width of the drawing, in its own units; zero lies in the middle. */
const BAR_WIDTH = 1000;
const HALF = BAR_WIDTH / 2;
/** A module draws at most this far from zero, so that both ends stay visible. */
const REACH = HALF - 10;

/** One matched genotype in the bar: a stretch of the axis. */
interface BarSegment {
  readonly x: number;
  readonly width: number;
  readonly side: "favourable" | "unfavourable" | "neutral";
}

/** The balance of one module: unfavourable left of zero, favourable right, on the module's own scale. */
export interface ModuleBar {
  readonly module_name: string;
  readonly title: string;
  readonly anchor: string;
  /** Sites at which the file says which alleles there are; 0: nobody could look. */
  readonly answered: number;
  readonly matched: number;
  /** Sensitive ones of them, which are neither drawn nor summed: a sum would tell what is closed. */
  readonly closed: number;
  readonly restored: number;
  /** Sums of the weights on either side; null when no open genotype has one. */
  readonly favourable: number | null;
  readonly unfavourable: number | null;
  readonly net_weight: number | null;
  /** `count`: no weights are stated, every genotype is drawn as one. */
  readonly unit: "weight" | "count";
  /** The whole stretch on either side; a side without a segment has none. */
  readonly sides: readonly BarSegment[];
  readonly segments: readonly BarSegment[];
}

/**
 * The bar of a module, each called genotype a segment, the heaviest next to zero. The longer side fills its half:
 * lengths compare inside one module and never between two. Inferred and sensitive genotypes are not drawn.
 */
export function moduleBar(
  head: Pick<ModuleBar, "module_name" | "title" | "anchor" | "answered">,
  variants: readonly VariantView[],
): ModuleBar {
  const called = variants.filter(({ restored }) => !restored);
  const open = called.filter(({ sensitive }) => sensitive === null);
  const weights = open.flatMap(({ weight }) => (weight === null ? [] : [weight]));
  const unit = weights.some((weight) => weight !== 0) ? "weight" : "count";
  const sizes = unit === "weight" ? weights : open.map(({ sign }) => sign);
  const right = sizes.filter((size) => size > 0);
  const left = sizes.filter((size) => size < 0).map((size) => -size);
  const scale = REACH / Math.max(sum(left), sum(right), Number.MIN_VALUE);
  const stated = weights.length > 0;
  return {
    ...head,
    matched: called.length,
    closed: called.length - open.length,
    restored: variants.length - called.length,
    favourable: stated ? twoDecimals(sum(right)) : null,
    unfavourable: stated ? twoDecimals(-sum(left)) : null,
    net_weight: stated ? twoDecimals(sum(weights)) : null,
    unit,
    sides: [...stack(whole(left), scale, -1), ...stack(whole(right), scale, 1)],
    segments: [...stack(left, scale, -1), ...stack(right, scale, 1)],
  };
}

function stack(sizes: readonly number[], scale: number, side: 1 | -1): readonly BarSegment[] {
  let reached = 0;
  return sizes
    .toSorted((a, b) => b - a)
    .map((size) => {
      const from = reached;
      reached += size * scale;
      const x = side === 1 ? HALF + from : HALF - reached;
      return {
        x: twoDecimals(x),
        width: twoDecimals(reached - from),
        side: side === 1 ? ("favourable" as const) : ("unfavourable" as const),
      };
    });
}

function whole(sizes: readonly number[]): readonly number[] {
  return sizes.length === 0 ? [] : [sum(sizes)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
