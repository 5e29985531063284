import type { Call } from "./call.ts";
import { CONTIGS, isHaploid } from "./contigs.ts";
import type { Stretch } from "./contigs.ts";
import type { PlantedSite } from "./planted-site.ts";
import { plantedCall } from "./planted-call.ts";
import { LONGEST_INDEL } from "./random-call.ts";
import { Random } from "./random.ts";

/** A module site and the record that stands for it; null: it was left out of the file. */
export interface Outcome {
  readonly site: PlantedSite;
  readonly call: Call | null;
  /** Records that begin inside its REF, where it was left out for them. */
  readonly inside?: readonly Call[];
}

export interface Plan {
  /** One for each site, in the order given. */
  readonly outcomes: readonly Outcome[];
  /** Contig → its planted records, ascending; two sites at one position share a record. */
  readonly calls: ReadonlyMap<string, readonly Call[]>;
  /** Contig → where no other record may begin, ascending: so that none touches a module site. */
  readonly reserved: ReadonlyMap<string, readonly Stretch[]>;
  /** Number of planted records. */
  readonly planted: number;
}

/** A record of the background that begins further away than this cannot reach a site. */
const MARGIN = LONGEST_INDEL + 1;

/** The sites of one position. */
interface Locus {
  readonly chrom: string;
  readonly start: number;
  /** Last base of the longest REF. */
  readonly end: number;
  readonly sites: readonly PlantedSite[];
}

/** Decides what the file says at each module site. A site's fate hangs on the seed and the site alone. */
export function plant(sites: readonly PlantedSite[], seed: number): Plan {
  const loci = lociOf(sites);
  const callOf = new Map<PlantedSite, Call>();
  const calls = new Map<string, Call[]>();
  const reserved = new Map<string, Stretch[]>();
  const overlapped = new Set<PlantedSite>();
  for (const [index, locus] of loci.entries()) {
    const { chrom, start, end } = locus;
    push(reserved, chrom, { first: start - MARGIN, last: end + MARGIN });
    const next = loci[index + 1];
    // A deletion called here would delete the next site too: what that one should read is no plain case.
    if (next?.chrom === chrom && next.start <= end) {
      for (const site of locus.sites) overlapped.add(site);
      continue;
    }
    const random = new Random(seed, `site ${chrom}:${start}`);
    const call = plantedCall({ ...locus, haploid: isHaploid(chrom, start) }, random);
    if (call === null) continue;
    push(calls, chrom, call);
    for (const site of locus.sites) callOf.set(site, call);
  }
  const outcomes = sites.map((site): Outcome => {
    if (overlapped.has(site)) return { site, call: null, inside: callsInside(site, calls) };
    return { site, call: callOf.get(site) ?? null };
  });
  const planted = [...calls.values()].reduce((count, ofContig) => count + ofContig.length, 0);
  return { outcomes, calls, reserved, planted };
}

function callsInside(site: PlantedSite, calls: ReadonlyMap<string, readonly Call[]>): readonly Call[] {
  const [start, bases] = [site.start ?? 0, site.ref?.length ?? 1];
  const ofContig = calls.get(site.chrom ?? "") ?? [];
  return ofContig.filter(({ position }) => position > start && position < start + bases);
}

/** Places of the sites that lie on a primary contig, in file order. */
function lociOf(sites: readonly PlantedSite[]): Locus[] {
  const byPlace = new Map<string, PlantedSite[]>();
  for (const site of sites) push(byPlace, `${site.chrom}:${site.start}`, site);
  const loci: (Locus & { readonly order: number })[] = [];
  for (const atPlace of byPlace.values()) {
    const { chrom, start } = atPlace[0] ?? { chrom: null, start: null };
    const order = CONTIGS.findIndex(({ name }) => name === chrom);
    const length = CONTIGS[order]?.length ?? 0;
    const end = (start ?? 0) + Math.max(1, ...atPlace.map(({ ref }) => ref?.length ?? 1)) - 1;
    if (chrom === null || start === null || start < 1 || end > length) continue;
    loci.push({ chrom, start, end, sites: atPlace, order });
  }
  return loci.toSorted((a, b) => a.order - b.order || a.start - b.start);
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
