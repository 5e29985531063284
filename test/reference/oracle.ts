/** A second, plain reading of the rule by which a variant finds its row: what the queries must agree with. */

export interface ReferenceRow {
  readonly start: number;
  readonly ref: string;
  /** Alternates joined by `|`. */
  readonly alt: string;
  readonly id: string;
}

export interface Variant {
  readonly start: number;
  readonly ref: string;
  readonly alt: string;
}

export interface Found {
  /** 0-based number of the chosen row. */
  readonly row: number | null;
  readonly ids: string | null;
  readonly match: "exact" | "allele" | "trimmed" | null;
}

interface Candidate {
  readonly row: number;
  readonly rank: number;
  readonly number: number;
}

export function lookUp(variant: Variant, reference: readonly ReferenceRow[]): Found {
  const said = plainAlleles(variant);
  const best = said.flatMap((allele) => {
    const candidates = reference.flatMap((row, at) => candidate(variant, said, allele, row, at));
    return candidates.toSorted(byRule).slice(0, 1);
  });
  const distinct = [...new Map(best.map((one) => [one.row, one])).values()].toSorted(byRule);
  const [first] = distinct;
  if (first === undefined) return { row: null, ids: null, match: null };
  const ids = distinct.map(({ row }) => reference[row]?.id ?? "").join(";");
  return { row: first.row, ids, match: (["exact", "allele", "trimmed"] as const)[first.rank] ?? null };
}

function candidate(
  variant: Variant,
  said: readonly string[],
  allele: string,
  row: ReferenceRow,
  at: number,
): Candidate[] {
  const listed = plainAlleles(row);
  const wanted = trim(variant.start, variant.ref, allele);
  if (!listed.some((one) => trim(row.start, row.ref, one) === wanted)) return [];
  const isSamePlace = variant.start === row.start && variant.ref === row.ref;
  const isSameSet = said.length === row.alt.split("|").length && said.every((one) => listed.includes(one));
  const rs = /^rs(\d+)$/.exec(row.id)?.[1];
  return [
    {
      row: at,
      rank: isSamePlace ? (isSameSet ? 0 : 1) : 2,
      number: rs === undefined ? Number.MAX_SAFE_INTEGER : Number(rs),
    },
  ];
}

function byRule(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || a.number - b.number || a.row - b.row;
}

function plainAlleles({ ref, alt }: { readonly ref: string; readonly alt: string }): string[] {
  return [...new Set(alt.split("|"))].filter((allele) => /^[A-Za-z]+$/.test(allele) && allele !== ref);
}

/** One base at a time: at the end while both have it, then at the beginning. */
function trim(start: number, ref: string, alt: string): string {
  let [at, r, a] = [start, ref, alt];
  while (r !== "" && a !== "" && r.at(-1) === a.at(-1)) [r, a] = [r.slice(0, -1), a.slice(0, -1)];
  while (r !== "" && a !== "" && r[0] === a[0]) [at, r, a] = [at + 1, r.slice(1), a.slice(1)];
  return `${at} ${r} ${a}`;
}

export function row(start: number, ref: string, alt: string, id: string): ReferenceRow {
  return { start, ref, alt, id };
}

export function variant(start: number, ref: string, alt: string): Variant {
  return { start, ref, alt };
}
