import { counted } from "#protocol/numerals.ts";
import { percentDecoded } from "#protocol/percent-encoding.ts";

import { isHaploid } from "../modules/contig.ts";
import type { MatchedRow, StudyRow } from "./annotation-files.ts";
import { articleUrl, geneLinks, snpUrl } from "./links.ts";
import { grouped } from "./numerals.ts";
import { sensitiveTopic } from "./sensitive-topics.ts";
import type { SensitiveTopic } from "./sensitive-topics.ts";
import type { Fact, StudyView, VariantView } from "./variant.ts";

const RESTORED = "restored_hom_ref";

/** Channel of a weight of nearly zero, and what a weight of one adds to it. */
const FAINTEST = 100;
const CHANNEL_RANGE = 155;

/** One row of a table. `siteDetail` is what is to be known of the evidence, such as `MIN_DP 23, GQ 50`. */
export function variantView(
  row: MatchedRow,
  studies: readonly StudyRow[],
  siteDetail: string | null,
  resource: "hagr" | "ncbi",
): VariantView {
  const rsid = text(row.rsid);
  const direction = directionOf(row);
  const { colour, name } = colourOf(row.weight, direction);
  const restored = isRestored(row);
  return {
    rsid,
    rsid_url: rsid === null ? null : snpUrl(rsid),
    genes: geneLinks(row.gene ?? "", resource),
    chrom: text(row.chrom),
    start: row.start,
    genotype: alleles(row.genotype),
    ref: text(row.ref),
    module_alleles: alleles(row.module_alts),
    zygosity: zygosityOf(row),
    weight: row.weight,
    sign: signOf(row.weight, direction),
    direction,
    colour,
    colour_class: name,
    conclusion: text(row.conclusion),
    restored,
    restored_flank_bp: restored ? row.restored_flank_bp : null,
    facts: factsOf(row, direction, restored, siteDetail),
    studies: studies.map(studyView),
    sensitive: topicOf(row),
  };
}

export function isRestored(row: MatchedRow): boolean {
  return row.genotype_evidence === RESTORED;
}

export function topicOf(row: MatchedRow): SensitiveTopic | null {
  const rsids = `${row.rsid ?? ""};${row.vcf_rsid ?? ""}`.split(/[;|,]/);
  return sensitiveTopic({ ...row, rsids });
}

/** The authored direction; else from the state, then from the sign of the weight. */
export function directionOf(row: Pick<MatchedRow, "direction" | "state" | "weight">): string | null {
  const stated = text(row.direction);
  if (stated !== null) return stated;
  if (row.state === "protective" || row.state === "risk") return row.state;
  if (row.weight !== null && row.weight !== 0) return row.weight > 0 ? "protective" : "risk";
  return text(row.state);
}

/** The sign of the weight; without one, or at zero, that of the direction. */
export function signOf(weight: number | null, direction: string | null): 1 | -1 | 0 {
  if (weight !== null && weight !== 0) return weight > 0 ? 1 : -1;
  if (direction === "protective") return 1;
  return direction === "risk" ? -1 : 0;
}

/**
 * Background of the weight cell. A weight colours by its size, up to 1; a missing or zero weight by the
 * direction alone; anything else stays clear.
 */
export function colourOf(weight: number | null, direction: string | null): { colour: string; name: string } {
  if (weight !== null && weight !== 0) {
    const channel = FAINTEST + Math.min(Math.trunc(CHANNEL_RANGE * Math.abs(weight)), CHANNEL_RANGE);
    return tint(weight > 0, channel);
  }
  if (direction === "protective") return tint(true, 160);
  if (direction === "risk") return tint(false, 180);
  return { colour: "transparent", name: "w-none" };
}

function tint(favourable: boolean, channel: number): { colour: string; name: string } {
  return favourable
    ? { colour: `rgba(0,${channel},0,0.3)`, name: `w-g${channel}` }
    : { colour: `rgba(${channel},0,0,0.3)`, name: `w-r${channel}` };
}

/** Two alleles that are alike are one where a person has one copy: some callers write it twice. */
function zygosityOf({ genotype, chrom, start }: MatchedRow): VariantView["zygosity"] {
  const [first, second] = genotype ?? [];
  if (first === undefined) return null;
  const isHom = first === second;
  const isOne = second === undefined || (isHom && isHaploid(chrom ?? "", start ?? 0));
  if (isOne) return chrom === "X" || chrom === "Y" ? "hemi" : null;
  return isHom ? "hom" : "het";
}

function alleles(list: readonly string[] | null): string | null {
  return list === null || list.length === 0 ? null : list.join("/");
}

/** A text that says something; null for an empty one. */
function text(value: string | null): string | null {
  return value === null || value.trim() === "" ? null : value;
}

/** A code such as `not_significant`, for reading. */
function spaced(value: string | null): string | null {
  return text(value)?.replaceAll("_", " ") ?? null;
}

/** A cell that holds several texts joined by `|`, for reading. */
function listed(value: string | null): string | null {
  return (
    text(value)
      ?.split("|")
      .map((part) => part.trim())
      .filter(Boolean)
      .join("; ") ?? null
  );
}

function factsOf(
  row: MatchedRow,
  direction: string | null,
  restored: boolean,
  siteDetail: string | null,
): readonly Fact[] {
  const facts: readonly (readonly [string, string | null])[] = [
    ["How it is known", restored ? inferred(row) : called(row, siteDetail)],
    ["Position", position(row)],
    ["About the position", positionNote(row)],
    ["Phenotype", listed(row.phenotype)],
    ["Direction", direction],
    ["Priority", text(row.priority)],
    ["Method", listed(row.method)],
    ["Curator", listed(row.curator)],
    ["Clinical classification", clinical(row)],
    ["Effect", effectOf(row)],
    ["Significance", spaced(row.stat_significance)],
    ["Does not apply to", listed(row.negatives)],
    ["Trait (EFO)", listed(row.trait_efo_id)],
    ["Flags", row.flags === null || row.flags.length === 0 ? null : row.flags.join(", ")],
  ];
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, text: value }]));
}

function inferred(row: MatchedRow): string {
  const distance =
    row.restored_flank_bp === null
      ? ""
      : ` The nearest call is ${grouped(row.restored_flank_bp)} bases away.`;
  return `Inferred, not called: the file lists only differences from the reference and has none here.${distance}`;
}

function called(row: MatchedRow, siteDetail: string | null): string {
  const parts = [
    row.presence === "hom_ref_block" ? "inside a reference block" : "called",
    siteDetail,
    text(row.filter) === null ? null : `filter ${percentDecoded(row.filter ?? "")}`,
    row.depth === null ? null : `depth ${grouped(row.depth)} reads`,
    row.genotype_quality === null ? null : `genotype quality Phred ${grouped(row.genotype_quality)}`,
    row.qual === null ? null : `site quality Phred ${grouped(Math.round(row.qual * 10) / 10)}`,
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function position(row: MatchedRow): string | null {
  if (row.chrom === null || row.start === null) return null;
  if (row.presence === "called") {
    const bases = `${row.module_ref ?? "?"} → ${alleles(row.module_alts) ?? "?"}`;
    return `chr${row.chrom}:${grouped(row.start)} · module ${bases} · GRCh38, found by rsID`;
  }
  const alt = text(row.alt)?.replaceAll("|", "/");
  return `chr${row.chrom}:${grouped(row.start)} · file ${row.ref ?? "?"}${alt === undefined ? "" : ` → ${alt}`} · GRCh38`;
}

function positionNote(row: MatchedRow): string | null {
  const notes = [
    row.locus_count !== null && row.locus_count > 1
      ? `ambiguous: this rsID lies at ${counted(row.locus_count, "place")}`
      : null,
    row.coordinate_status === "recalled"
      ? "the module's coordinate is recalled and unverified: no public table has confirmed it"
      : null,
    row.coordinate_status === "unplaced" ? "the module states no coordinate: matched by rsID" : null,
  ];
  return notes.filter((note) => note !== null).join("; ") || null;
}

function clinical(row: MatchedRow): string | null {
  const tier = text(row.clin_sig)
    ?.split(/[|/]/)
    .map((part) => sentenceCase(part.trim().replaceAll("_", " ")))
    .join(" / ");
  if (tier !== undefined) return tier;
  if (row.pathogenic === true) return "Pathogenic";
  if (row.benign === true) return "Benign";
  return row.clinvar === true ? "In ClinVar, no classification stated" : null;
}

function sentenceCase(words: string): string {
  return words === "" ? "" : `${words.charAt(0).toUpperCase()}${words.slice(1).toLowerCase()}`;
}

function effectOf(row: Pick<MatchedRow, "effect_size" | "effect_measure" | "effect_allele">): string | null {
  const parts = [
    text(row.effect_measure),
    row.effect_size === null ? null : grouped(row.effect_size),
    text(row.effect_allele) === null ? null : `(allele ${row.effect_allele})`,
  ];
  return parts.filter((part) => part !== null).join(" ") || null;
}

function studyView(row: StudyRow): StudyView {
  const pmid = text(row.pmid);
  return {
    pmid,
    url: pmid === null ? null : articleUrl(pmid),
    population: listed(row.population),
    study_design: listed(row.study_design),
    p_value: text(row.p_value),
    conclusion: listed(row.conclusion),
    effect: effectOf(row),
    significance: spaced(row.stat_significance),
    doi: text(row.doi),
  };
}
