import { foldContig, isHaploid, isPrimary } from "./contig.ts";
import { parseGenotype } from "./genotype.ts";
import type { Genotype } from "./genotype.ts";
import type { Problem } from "./problem.ts";
import type { ModuleSpec } from "./spec.ts";
import { readTable } from "./table.ts";
import type { Row, TableColumns } from "./table.ts";
import { alleleId } from "./vrs.ts";

const STATES = ["risk", "protective", "neutral", "significant", "alt", "ref"] as const;
const DIRECTIONS = ["protective", "risk", "neutral", "unknown"] as const;
export const SIGNIFICANCES = ["significant", "suggestive", "not_significant", "unknown"] as const;
const CLINICAL = [
  "pathogenic",
  "likely_pathogenic",
  "uncertain_significance",
  "likely_benign",
  "benign",
  "drug_response",
  "association",
  "risk_factor",
  "protective",
  "affects",
  "conflicting",
  "not_provided",
  "other",
] as const;

const KNOWN = (
  "rsid chrom start ref alts genotype weight state conclusion negatives priority gene phenotype " +
  "category curator method clinvar pathogenic benign direction stat_significance effect_size " +
  "effect_measure effect_allele flags trait_efo_id clin_sig acmg_sf actionability " +
  "requires_callable callable_from quality_from min_quality"
).split(" ");
/** Read, and asked by nothing. */
const IDLE = ["callable_from", "min_quality"];
export const VARIANT_COLUMNS: TableColumns = {
  known: KNOWN,
  needed: [["rsid", "chrom"], ["genotype"], ["state"], ["conclusion"]],
};

type Direction = (typeof DIRECTIONS)[number];

/** A place of a variant as the author wrote it: 1-based, contig folded; ref and alts null when not stated. */
export interface Place {
  readonly chrom: string;
  readonly start: number;
  readonly ref: string | null;
  readonly alts: readonly string[] | null;
}

/** One row of `variants.csv`: what a module says of one genotype of one variant. Fields are named as the columns. */
export interface VariantRow {
  readonly at: string;
  readonly key: string;
  readonly rsid: string | null;
  readonly place: Place | null;
  readonly genotype: Genotype;
  /** On the curator's own scale, positive is favourable; null: none given, which is not zero. */
  readonly weight: number | null;
  readonly state: (typeof STATES)[number];
  /** As authored, else from the state. */
  readonly direction: Direction;
  readonly conclusion: string;
  readonly negatives: string | null;
  readonly priority: string | null;
  readonly gene: string | null;
  readonly phenotype: string | null;
  readonly category: string | null;
  readonly curator: string;
  readonly method: string;
  readonly clinvar: boolean | null;
  readonly pathogenic: boolean | null;
  readonly benign: boolean | null;
  readonly clin_sig: (typeof CLINICAL)[number] | null;
  readonly stat_significance: (typeof SIGNIFICANCES)[number] | null;
  readonly effect_size: number | null;
  readonly effect_measure: string | null;
  readonly effect_allele: string | null;
  readonly flags: readonly string[];
  readonly trait_efo_id: string | null;
  /** Whether the genotype has to be called, and is never inferred; null: as its clinical classification has it. */
  readonly requires_callable: boolean | null;
}

/** Reads `variants.csv`; a row with an error is left out and noted. Blank cells take the defaults of the spec. */
export function parseVariants(
  file: string,
  text: string,
  spec: ModuleSpec,
  problems: Problem[],
): readonly VariantRow[] {
  return readTable(file, text, VARIANT_COLUMNS, problems).flatMap((row) => {
    const before = problems.length;
    const variant = variantRow(row, spec);
    const broken = problems.slice(before).some(({ severity }) => severity === "error");
    return variant === null || broken ? [] : [variant];
  });
}

function variantRow(row: Row, spec: ModuleSpec): VariantRow | null {
  const rsid = row.text("rsid")?.toLowerCase() ?? null;
  if (rsid !== null && !/^rs\d+$/.test(rsid)) row.error("rsid", `not a dbSNP id such as rs429358: ${rsid}`);
  const place = placeOf(row);
  if (rsid === null && place === null) row.error("rsid", "is empty, and there is no chrom and start instead");
  const genotype = genotypeOf(row, place);
  const state = row.required("state") === null ? null : row.choice("state", STATES);
  const conclusion = row.required("conclusion");
  const weight = row.number("weight");
  const authored = row.choice("direction", DIRECTIONS);
  checkPairs(row);
  if (genotype === null || state === null || conclusion === null) return null;
  const direction = authored ?? directionOf(state, weight);
  warnOfSigns(row, weight, state, authored);
  warnOfDate(row);
  const flags = row.boolean("clinvar");
  return {
    at: row.at,
    key: rsid ?? (place === null ? "" : placeKey(place)),
    rsid,
    place,
    genotype,
    weight,
    state,
    direction,
    conclusion,
    negatives: row.text("negatives"),
    priority: row.text("priority") ?? spec.priority,
    gene: row.text("gene"),
    phenotype: row.text("phenotype"),
    category: row.text("category"),
    curator: row.text("curator") ?? spec.curator,
    method: row.text("method") ?? spec.method,
    clinvar: flags,
    pathogenic: row.boolean("pathogenic"),
    benign: row.boolean("benign"),
    clin_sig: row.choice("clin_sig", CLINICAL) ?? clinicalOf(row, flags),
    stat_significance: row.choice("stat_significance", SIGNIFICANCES),
    effect_size: row.number("effect_size"),
    effect_measure: row.text("effect_measure"),
    effect_allele: row.text("effect_allele"),
    flags: row.list("flags"),
    trait_efo_id: row.text("trait_efo_id"),
    requires_callable: row.boolean("requires_callable"),
  };
}

/**
 * The name of a variant that has no rsID: the GA4GH identifier of a substitution with one alternate, else
 * `chrom:start:ref[:alts]` with the alternates sorted.
 */
export function placeKey({ chrom, start, ref, alts }: Place): string {
  const [alt] = alts ?? [];
  const single = ref?.length === 1 && alts?.length === 1 && /^[ACGT]$/.test(alt ?? "");
  const id = single && alt !== undefined ? alleleId(chrom, start, alt) : null;
  return id ?? [chrom, start, ref ?? "", ...(alts === null ? [] : [alts.toSorted().join(",")])].join(":");
}

function placeOf(row: Row): Place | null {
  const [chrom, start] = [row.text("chrom"), row.integer("start")];
  const [refs, alts] = [row.alleles("ref"), row.alleles("alts")];
  const [ref = null] = refs;
  if (refs.length > 1) row.error("ref", `more than one allele: ${refs.join(",")}`);
  if (chrom === null || row.text("start") === null) {
    if (chrom !== null || row.text("start") !== null) row.error("start", "chrom and start go together");
    if (ref !== null || alts.length > 0) row.error("ref", "ref and alts need chrom and start");
    return null;
  }
  const contig = foldContig(chrom);
  if (!isPrimary(contig)) row.error("chrom", `not one of 1 to 22, X, Y, MT: ${chrom}`);
  if (start === null) return null;
  return {
    chrom: contig,
    start,
    ref,
    alts: alts.length === 0 ? null : alts,
  };
}

function genotypeOf(row: Row, place: Place | null): Genotype | null {
  const written = row.required("genotype");
  if (written === null) return null;
  const genotype = parseGenotype(written);
  if (typeof genotype === "string") return row.error("genotype", genotype);
  if (place !== null && genotype.alleles.length === 2 && isHaploid(place.chrom, place.start)) {
    row.warn("genotype", `two alleles on ${place.chrom}, where a person has one: ${genotype.text}`);
  }
  return genotype;
}

function checkPairs(row: Row): void {
  if ((row.text("quality_from") === null) !== (row.text("min_quality") === null)) {
    row.error("min_quality", "quality_from and min_quality go together");
  }
  row.number("min_quality");
  for (const field of IDLE) {
    if (row.text(field) === null) continue;
    row.warn(
      field,
      "it has no effect: how good a call has to be is said by the quality filters of a notebook",
    );
  }
}

/** protective, risk and neutral stay; significant takes the sign of the weight; ref and alt say nothing. */
function directionOf(state: VariantRow["state"], weight: number | null): Direction {
  if (state === "protective" || state === "risk" || state === "neutral") return state;
  if (state !== "significant" || weight === null || weight === 0) return "unknown";
  return weight > 0 ? "protective" : "risk";
}

function clinicalOf(row: Row, clinvar: boolean | null): VariantRow["clin_sig"] {
  if (row.boolean("pathogenic") === true) return "pathogenic";
  if (row.boolean("benign") === true) return "benign";
  return clinvar === true ? "uncertain_significance" : null;
}

/** What spreadsheets make of MARCH2, SEPT9 and DEC1: `2-Mar`, `Sep-09`, or the number of the day. */
const SPREADSHEET_DATE =
  /^(?:\d{1,2}-(?:Mar|Sep|Oct|Dec)|(?:Mar|Sep|Oct|Dec)-\d{1,2}|\d{4}-\d{2}-\d{2}.*|\d{5})$/i;

function warnOfDate(row: Row): void {
  const gene = row.text("gene");
  if (gene !== null && SPREADSHEET_DATE.test(gene))
    row.warn("gene", `a date that a spreadsheet made of the name of a gene: ${gene}`);
}

function warnOfSigns(
  row: Row,
  weight: number | null,
  state: VariantRow["state"],
  direction: Direction | null,
): void {
  if (weight === null || weight === 0) return;
  const against = weight > 0 ? "risk" : "protective";
  if (state === against) row.warn("state", `${state}, while the weight is ${weight}`);
  if (direction === against) row.warn("direction", `${direction}, while the weight is ${weight}`);
}
