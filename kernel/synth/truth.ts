import type { PresenceStatus } from "#protocol/annotation.ts";

import type { Call } from "./call.ts";
import type { Outcome } from "./plant.ts";
import type { AuthoredGenotype, PlantedSite } from "./planted-site.ts";

/** What must come out for one module site of a synthetic genome, by the rules of the match and nothing else. */
export interface Expectation {
  readonly status: PresenceStatus;
  /** Quality rules that remove the record, in the order of {@link RULES}. */
  readonly removedBy: readonly string[];
  /** Alleles of the call, sorted; null when there is no record or no allele is known. */
  readonly genotype: readonly string[] | null;
  /** Authored rows that must match, in authored order. */
  readonly matched: readonly AuthoredGenotype[];
}

/** The thresholds that Karyon ships; under others the table does not hold. */
const PASS_FILTERS: readonly string[] = ["PASS", "."];
const MIN_DEPTH = 10;
const MIN_QUAL_TENTHS = 200;

/** Names of the rules with what each removes. A missing value states nothing and passes. */
const RULES: readonly { readonly name: string; readonly removes: (call: Call) => boolean }[] = [
  { name: "pass_filters", removes: ({ evidence }) => !PASS_FILTERS.includes(evidence.filter) },
  { name: "min_depth", removes: ({ evidence }) => evidence.dp < MIN_DEPTH },
  { name: "min_qual", removes: ({ evidence }) => evidence.qual !== null && evidence.qual < MIN_QUAL_TENTHS },
];

const COLUMNS = [
  "module",
  "rsid",
  "chrom",
  "start",
  "ref",
  "alt",
  "gt",
  "genotype",
  "status",
  "removed_by",
  "rows",
  "weights",
];
/** Stands for a missing value, as in a VCF. */
const MISSING = ".";

/** One row for each module site. See {@link Expectation}. */
export function expectation({ site, call, inside = [] }: Outcome): Expectation {
  const known = call === null ? [] : allelesOf(call);
  const genotype = known.length === 0 ? null : known.toSorted();
  const touching = call === null ? inside : [call];
  const removed = touching.filter((record) => removersOf(record).length > 0);
  // Of a record without a call nothing is lost by a rule.
  const lost = removed.find((record) => allelesOf(record).length > 0) ?? removed[0];
  const removedBy = lost === undefined ? [] : removersOf(lost);
  const matched = site.genotypes.filter(({ alleles }) => genotype?.join() === alleles.join());
  const isCalled = lost !== undefined && allelesOf(lost).length > 0;
  const status = statusOf(site, call, {
    removed: lost === undefined ? null : isCalled ? "filtered" : "no_call",
    known,
    matched: matched.length > 0,
    changed: inside.some((record) => removersOf(record).length === 0 && isVariant(record)),
  });
  return { status, removedBy, genotype, matched: status === "called_match" ? matched : [] };
}

/**
 * The table beside a synthetic genome: tab-separated, one row for each module site in the order given.
 *
 * `ref` is the module's; `alt` and `gt` are as in the file; `genotype` is sorted and joined by `/`; `rows` is
 * the number of authored rows that match and `weights` their weights, joined by `;`. `.` is a missing value.
 */
export function truthText(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => truthLine(outcome, expectation(outcome)));
  return `${[COLUMNS.join("\t"), ...lines].join("\n")}\n`;
}

function truthLine({ site, call }: Outcome, expected: Expectation): string {
  const weights = expected.matched.map(({ weight }) => (weight === null ? MISSING : String(weight)));
  return [
    site.module,
    site.rsid,
    site.chrom ?? MISSING,
    site.start ?? MISSING,
    site.ref ?? MISSING,
    listed(call?.alts ?? [], ","),
    call?.gt ?? MISSING,
    listed(expected.genotype ?? [], "/"),
    expected.status,
    listed(expected.removedBy, ","),
    expected.matched.length,
    listed(weights, ";"),
  ].join("\t");
}

function statusOf(
  site: PlantedSite,
  call: Call | null,
  {
    removed,
    known,
    matched,
    changed,
  }: {
    readonly removed: "filtered" | "no_call" | null;
    readonly known: readonly string[];
    readonly matched: boolean;
    /** A variant is called inside its REF. */
    readonly changed: boolean;
  },
): PresenceStatus {
  if (site.chrom === null || site.start === null) return "not_comparable";
  if (changed) return "not_comparable";
  if (removed !== null) return removed;
  if (call === null) return "no_data";
  if (site.ref !== null && site.ref !== call.ref) return statusOfOther(site.ref, call, known);
  if (known.length === 0) return "no_call";
  if (call.gt.includes(".")) return "half_call";
  if (matched) return "called_match";
  return known.every((allele) => allele === call.ref) ? "called_hom_ref" : "called_other_genotype";
}

/** What a record of another REF says of a site: of one that continues the site's, or that it continues, something. */
function statusOfOther(ref: string, call: Call, known: readonly string[]): PresenceStatus {
  if (!call.ref.startsWith(ref) && !ref.startsWith(call.ref)) return "not_comparable";
  if (known.length === 0) return "no_call";
  return !call.gt.includes(".") && isVariant(call) ? "called_other_genotype" : "no_data";
}

function removersOf(call: Call): string[] {
  return RULES.filter(({ removes }) => removes(call)).map(({ name }) => name);
}

function isVariant(call: Call): boolean {
  return allelesOf(call).some((allele) => allele !== call.ref);
}

/** Known alleles of GT as text. */
function allelesOf({ ref, alts, gt }: Call): string[] {
  return gt.split(/[/|]/).flatMap((index) => (index === "." ? [] : ([ref, ...alts][Number(index)] ?? [])));
}

function listed(values: readonly string[], separator: string): string {
  return values.length === 0 ? MISSING : values.join(separator);
}
