import { CHROMOSOMES } from "./chromosomes.ts";
import type { VariantView } from "./variant.ts";

/** Width of the drawing, in its own units: the length of the longest chromosome. */
const TRACK_WIDTH = 1000;

interface KaryogramMark {
  readonly x: number;
  /** `closed`: a sensitive result, drawn without its direction. */
  readonly kind: "favourable" | "unfavourable" | "neutral" | "inferred" | "closed";
}

interface KaryogramTrack {
  readonly name: string;
  /** Arms as x and width; one for a chromosome without a centromere. */
  readonly arms: readonly { readonly x: number; readonly width: number }[];
  /** False for the mitochondrial one, which would be a point. */
  readonly to_scale: boolean;
  readonly marks: readonly KaryogramMark[];
  /** Distinct positions marked. */
  readonly sites: number;
}

/** Matched sites on the chromosomes of GRCh38. */
export interface Karyogram {
  readonly tracks: readonly KaryogramTrack[];
  readonly sites: number;
  /** Chromosomes with at least one site. */
  readonly chromosomes: number;
}

/** A position stated by several modules is marked once a kind. Contigs outside the karyotype are left out. */
export function karyogram(variants: readonly VariantView[]): Karyogram {
  const longest = Math.max(...CHROMOSOMES.map(({ length }) => length));
  const tracks = CHROMOSOMES.map(({ name, length, centromere }): KaryogramTrack => {
    const toScale = name !== "MT";
    const unit = TRACK_WIDTH / (toScale ? longest : length);
    const at = (position: number): number => Math.round(position * unit * 10) / 10;
    const here = variants.filter(({ chrom }) => chrom === name);
    const marks = new Map<string, KaryogramMark>();
    for (const variant of here) {
      if (variant.start === null) continue;
      const mark = { x: at(Math.min(variant.start, length)), kind: kindOf(variant) };
      marks.set(`${mark.x} ${mark.kind}`, mark);
    }
    const [from, to] = centromere ?? [length, length];
    return {
      name,
      to_scale: toScale,
      arms: [
        { x: 0, width: at(from) },
        ...(centromere === null ? [] : [{ x: at(to), width: at(length - to) }]),
      ],
      marks: [...marks.values()].toSorted((a, b) => a.x - b.x),
      sites: new Set(here.flatMap(({ start }) => (start === null ? [] : [start]))).size,
    };
  });
  return {
    tracks,
    sites: tracks.reduce((total, { sites }) => total + sites, 0),
    chromosomes: tracks.filter(({ sites }) => sites > 0).length,
  };
}

function kindOf({ sensitive, restored, sign }: VariantView): KaryogramMark["kind"] {
  if (sensitive !== null) return "closed";
  if (restored) return "inferred";
  if (sign === 0) return "neutral";
  return sign > 0 ? "favourable" : "unfavourable";
}
