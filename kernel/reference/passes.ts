import type { VariantGroup } from "./row-groups.ts";

/** More samples than this do not share a pass: what it holds grows with them. */
const MOST_SAMPLES = 8;

/** A row group of one of the samples. */
export interface SampleGroup {
  /** Number of the sample. */
  readonly sample: number;
  readonly group: VariantGroup;
}

/**
 * What is looked up together: as many row groups as there are samples, next to one another in the genome. So each pass
 * takes as much memory, however many variants there are, and samples that are alike share what is read of the
 * reference.
 */
export function passesOf(samples: readonly (readonly VariantGroup[])[]): SampleGroup[][] {
  const ranks = contigRanks(samples);
  const rank = ({ group: { stretches } }: SampleGroup): number => ranks.get(stretches[0]?.contig ?? "") ?? -1;
  const all = samples
    .flatMap((groups, sample) => groups.map((group) => ({ sample, group })))
    .toSorted((a, b) => rank(a) - rank(b) || startOf(a) - startOf(b));
  const size = Math.min(samples.length, MOST_SAMPLES);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
}

function startOf({ group: { stretches } }: SampleGroup): number {
  return stretches[0]?.from ?? 0;
}

/** Contigs in the order in which they come. */
function contigRanks(samples: readonly (readonly VariantGroup[])[]): Map<string, number> {
  const contigs = samples.flat().flatMap(({ stretches }) => stretches.map(({ contig }) => contig));
  return new Map([...new Set(contigs)].map((contig, at) => [contig, at]));
}
