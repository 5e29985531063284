import type { Call, Evidence } from "./call.ts";
import {
  calledEvidence,
  confirmedReferenceEvidence,
  referenceCallEvidence,
  unresolvedEvidence,
} from "./evidence.ts";
import type { Copies } from "./evidence.ts";
import type { PlantedSite } from "./planted-site.ts";
import type { Random } from "./random.ts";

/** One position with all the sites that modules have there. */
export interface Place {
  readonly chrom: string;
  readonly start: number;
  readonly sites: readonly PlantedSite[];
  /** The sample has one copy: only homozygous and one-allele genotypes are called. */
  readonly haploid: boolean;
}

/** The record for a place; null when it is left out, by lot or because nothing can be said there. */
export function plantedCall(place: Place, random: Random): Call | null {
  const refs = [...new Set(place.sites.flatMap(({ ref }) => ref ?? []))];
  const ref = refs.length === 0 ? "" : random.pick(refs);
  if (!isSequence(ref)) return null;
  const alts = place.sites.flatMap((site) => (site.ref === ref ? site.alts : [])).filter(isSequence);
  const copies: Copies = place.chrom === "MT" ? "many" : place.haploid ? 1 : 2;
  const about = { place, known: [ref, ...new Set(alts)], copies };
  const make = drawn(random);
  // Modules that differ in REF agree on nothing but a call: it fits one of them and not the other.
  return refs.length > 1 && make !== absent ? authored(about, random) : make(about, random);
}

interface About {
  readonly place: Place;
  /** REF, then the alternates that modules know. */
  readonly known: readonly string[];
  readonly copies: Copies;
}

/** What the file can say of a place, each with its share in hundredths. */
const CASES: readonly {
  readonly share: number;
  readonly make: (about: About, random: Random) => Call | null;
}[] = [
  { share: 46, make: authored },
  { share: 10, make: other },
  { share: 14, make: (about, random) => reference(about, 2, random) },
  { share: 6, make: noCall },
  { share: 3, make: halfCall },
  { share: 10, make: filtered },
  { share: 11, make: absent },
];

function drawn(random: Random): (about: About, random: Random) => Call | null {
  let left = random.below(100);
  for (const { share, make } of CASES) {
    if (left < share) return make;
    left -= share;
  }
  return absent;
}

function absent(): null {
  return null;
}

function authored(about: About, random: Random): Call | null {
  return calledAs(about, authoredGenotypes(about), random) ?? other(about, random);
}

function other(about: About, random: Random): Call | null {
  return calledAs(about, otherGenotypes(about), random);
}

function noCall(about: About, random: Random): Call {
  return record(about, "./.", unresolvedEvidence(Math.min(2, about.known.length), about.copies, random));
}

function halfCall(about: About, random: Random): Call | null {
  if (about.place.haploid || about.known.length < 2) return null;
  return record(about, "./1", calledEvidence([0, 1], 2, { grade: "good", copies: about.copies }, random));
}

/** Genotypes that some module has a row for and that a file can state: sorted, of alleles at the locus. */
function authoredGenotypes({ place: { sites, haploid }, known }: About): string[][] {
  const found = new Map<string, string[]>();
  for (const { alleles } of sites.flatMap(({ genotypes }) => genotypes)) {
    const [one, other = one] = alleles;
    const fits = haploid ? one === other && alleles.length <= 2 : alleles.length === 2;
    const stated = fits && alleles.every((allele) => known.includes(allele));
    if (stated && alleles.join() === alleles.toSorted().join()) found.set(alleles.join(), [...alleles]);
  }
  return [...found.values()];
}

/** Genotypes with an alternate allele that no module has a row for, in any order of its alleles. */
function otherGenotypes({ place: { sites, haploid }, known }: About): string[][] {
  const rows = sites.flatMap(({ genotypes }) => genotypes.map(({ alleles }) => alleles.toSorted()));
  const taken = new Set(rows.map(([one, other = one]) => `${one},${other}`));
  const alleles = [...known, ...novel(known)];
  const pairs = alleles.flatMap((one, index) => alleles.slice(index).map((other) => [one, other].toSorted()));
  return pairs.filter(
    ([one, other]) =>
      !(one === known[0] && other === known[0]) &&
      (!haploid || one === other) &&
      !taken.has(`${one},${other}`),
  );
}

/** Single bases that no module knows at a single-base site. */
function novel(known: readonly string[]): string[] {
  return known[0]?.length === 1 ? ["A", "C", "G", "T"].filter((base) => !known.includes(base)) : [];
}

/** A call that passes, of one of the genotypes; null when there is none to pick from. */
function calledAs(about: About, genotypes: readonly string[][], random: Random): Call | null {
  if (genotypes.length === 0) return null;
  const genotype = random.pick(genotypes);
  const [ref = "", ...others] = about.known;
  const called = [...new Set(genotype)].filter((allele) => allele !== ref);
  const spare = [...others, ...novel(about.known)].filter((allele) => !called.includes(allele));
  if (called.length === 0) return reference(about, genotype.length, random);
  const alts = withSpare(called, spare, random);
  const indices = genotype.map((allele) => [ref, ...alts].indexOf(allele)).toSorted((a, b) => a - b);
  const evidence = calledEvidence(indices, alts.length + 1, { grade: "good", copies: about.copies }, random);
  return { ...record(about, gtText(indices, random), evidence), alts };
}

/** Now and then a caller lists one more allele, before or after the called ones. */
function withSpare(called: readonly string[], spare: readonly string[], random: Random): readonly string[] {
  if (called.length > 1 || spare.length === 0 || !random.chance(0.08)) return called;
  const extra = random.pick(spare);
  return random.chance(0.5) ? [extra, ...called] : [...called, extra];
}

/** One call in ten is phased, in either order. */
function gtText(indices: readonly number[], random: Random): string {
  if (indices.length === 1 || !random.chance(0.1)) return indices.join("/");
  return (random.chance(0.5) ? indices : indices.toReversed()).join("|");
}

function reference(about: About, ploidy: number, random: Random): Call {
  const alts = random.chance(0.2) ? [] : about.known.slice(1, 2);
  const evidence = confirmedReferenceEvidence(alts.length + 1, { ploidy, copies: about.copies }, random);
  return { ...record(about, ploidy === 1 ? "0" : "0/0", evidence), alts };
}

/** A record that the quality rules remove: which one of them is what varies. */
function filtered(about: About, random: Random): Call | null {
  if (about.known.length < 2) return null;
  const { copies } = about;
  if (random.chance(0.25)) {
    return record(about, "0/0", referenceCallEvidence(true, copies, random));
  }
  const indices = about.place.haploid || random.chance(0.4) ? [1, 1] : [0, 1];
  const filter = random.chance(0.3) ? "LowQual" : "PASS";
  const grade = filter === "PASS" && random.chance(0.5) ? "shallow" : "doubtful";
  return record(about, indices.join("/"), calledEvidence(indices, 2, { grade, copies, filter }, random));
}

/** The record with the first known alternate. */
function record({ place, known }: About, gt: string, evidence: Evidence): Call {
  return { position: place.start, ref: known[0] ?? "", alts: known.slice(1, 2), gt, evidence };
}

function isSequence(allele: string): boolean {
  return /^[ACGT]+$/.test(allele);
}
