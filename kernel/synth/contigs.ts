/** A stretch of a contig, 1-based, both ends inside. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** One primary contig of GRCh38. */
export interface Contig {
  /** Folded name, as in tables: `1` … `22`, `X`, `Y`, `MT`. */
  readonly name: string;
  /** Name in the file: `chr1` … `chrY`, `chrM`. */
  readonly label: string;
  readonly length: number;
  /** Variants for each base, compared with an autosome: one copy of X, little that can be called of Y, much on MT. */
  readonly density: number;
  /** Where callers report variants: no telomere, no long run of N, no pseudo-autosomal part of Y. */
  readonly callable: readonly Stretch[];
}

/** Callers report nothing in the last bases of a chromosome: GRCh38 has 10,000 N there. */
const TELOMERE = 10_000;

const LENGTHS = [
  248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717,
  133797422, 135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616,
  64444167, 46709983, 50818468,
];

/** Runs of N over five megabases (UCSC table `gap` of hg38: short arms and heterochromatin). */
const RUNS_OF_N: Readonly<Record<string, Stretch>> = {
  "1": { first: 125_184_588, last: 143_184_587 },
  "9": { first: 45_518_559, last: 60_518_558 },
  "13": { first: 1, last: 16_000_000 },
  "14": { first: 1, last: 16_000_000 },
  "15": { first: 1, last: 17_000_000 },
  "16": { first: 38_280_683, last: 46_280_682 },
  "21": { first: 1, last: 5_010_000 },
  "22": { first: 1, last: 10_510_000 },
};

const X_LENGTH = 156_040_895;
const Y_LENGTH = 57_227_415;
const MT_LENGTH = 16_569;

/** Pseudo-autosomal regions on X (GRC): a man has two copies there. */
const X_PSEUDO_AUTOSOMAL: readonly Stretch[] = [
  { first: 10_001, last: 2_781_479 },
  { first: 155_701_383, last: 156_030_895 },
];

/** The 25 primary contigs in the order of the file. */
export const CONTIGS: readonly Contig[] = [
  ...LENGTHS.map((length, index) => autosome(String(index + 1), length)),
  {
    name: "X",
    label: "chrX",
    length: X_LENGTH,
    density: 0.6,
    callable: [{ first: TELOMERE + 1, last: X_LENGTH - TELOMERE }],
  },
  {
    name: "Y",
    label: "chrY",
    length: Y_LENGTH,
    density: 0.15,
    // Reads of the pseudo-autosomal ends align to X; from 26.67 Mb on the long arm is one run of N.
    callable: [{ first: 2_781_480, last: 26_673_214 }],
  },
  {
    name: "MT",
    label: "chrM",
    length: MT_LENGTH,
    density: 1,
    callable: [{ first: 1, last: MT_LENGTH - 100 }],
  },
];

/** Whether the synthetic man has one copy there: X and Y outside the pseudo-autosomal regions, and MT. */
export function isHaploid(contig: string, position: number): boolean {
  if (contig === "Y" || contig === "MT") return true;
  return (
    contig === "X" && !X_PSEUDO_AUTOSOMAL.some(({ first, last }) => first <= position && position <= last)
  );
}

/** Stretches without the excluded ones. Both lists ascend; the excluded may touch or overlap one another. */
export function subtract(stretches: readonly Stretch[], excluded: readonly Stretch[]): Stretch[] {
  const left: Stretch[] = [];
  for (const { first, last } of stretches) {
    let from = first;
    for (const hole of excluded) {
      if (hole.last < from) continue;
      if (hole.first > last) break;
      if (hole.first > from) left.push({ first: from, last: hole.first - 1 });
      from = Math.max(from, hole.last + 1);
    }
    if (from <= last) left.push({ first: from, last });
  }
  return left;
}

function autosome(name: string, length: number): Contig {
  const whole = { first: TELOMERE + 1, last: length - TELOMERE };
  const gap = RUNS_OF_N[name];
  return { name, label: `chr${name}`, length, density: 1, callable: subtract([whole], gap ? [gap] : []) };
}
