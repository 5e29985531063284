import { isHaploid } from "./contig.ts";
import { lociOf } from "./module.ts";
import type { AuthoredModule } from "./module.ts";
import { foreignGenotypes } from "./validate.ts";
import type { VariantRow } from "./variants.ts";

/** What lint looks for; each is seen in published modules. */
const LINT_RULES = [
  "ALLELE_NOT_AT_LOCUS",
  "STRAND_SUSPECT",
  "PALINDROMIC",
  "SIGN_CONTRADICTS",
  "CONCLUSION_NAMES_OTHER_GENOTYPE",
  "HET_MISSING",
  "HOM_ALT_MISSING",
  "HOM_REF_AUTHORED",
  "WITHOUT_WEIGHTS",
  "P_VALUE_COPIED",
  "SEVERAL_LOCI",
  "SEVERAL_GENES",
  "FOREIGN_LETTERS",
  "DECIMAL_COMMA",
  "UNICODE_MINUS",
  "MODULES_DISAGREE",
  "PLACES_DISAGREE",
] as const;
export type LintRule = (typeof LINT_RULES)[number];

/** What each rule says of the rows that it found. */
export const LINT_WORDS: Readonly<Record<LintRule, string>> = {
  ALLELE_NOT_AT_LOCUS: "an allele that the locus does not have",
  STRAND_SUSPECT: "alleles that look like those of the other strand",
  PALINDROMIC: "reads the same on both strands, so that a flipped strand cannot be seen",
  SIGN_CONTRADICTS: "the sign of the weight contradicts state or direction",
  CONCLUSION_NAMES_OTHER_GENOTYPE: "the conclusion names another genotype",
  HET_MISSING: "no row for the heterozygous genotype",
  HOM_ALT_MISSING: "no row for two copies of the alternate allele",
  HOM_REF_AUTHORED:
    "a row for two copies of the reference allele, which a file of variants alone does not hold",
  WITHOUT_WEIGHTS: "no row of the module has a weight",
  P_VALUE_COPIED: "one p-value for several publications",
  SEVERAL_LOCI: "the variant lies in several places",
  SEVERAL_GENES: "several genes in one cell",
  FOREIGN_LETTERS: "Cyrillic letters, or text in a wrong encoding",
  DECIMAL_COMMA: "a p-value with a decimal comma",
  UNICODE_MINUS: "a p-value with a typographic minus",
  MODULES_DISAGREE: "favourable in one module, unfavourable in another",
  PLACES_DISAGREE: "at another position in another module: one of them may be that of another genome build",
};

/** A note on content that is valid but doubtful or worth knowing. */
export interface LintFinding {
  readonly rule: LintRule;
  readonly count: number;
  /** `file:line` of the first; null when the whole module is meant. */
  readonly at: string | null;
  /** The first few, such as `rs699 T/T`. */
  readonly examples: readonly string[];
}

/** Examples that a finding names. */
const EXAMPLES = 5;

/** Doubts about one module, in the order of {@link LINT_RULES}; a rule that found nothing is not listed. */
export function lintModule(module: AuthoredModule): readonly LintFinding[] {
  const foreign = foreignGenotypes(module);
  const { variants, studies } = module;
  const variantHits: readonly (readonly [LintRule, readonly VariantRow[]])[] = [
    ["ALLELE_NOT_AT_LOCUS", foreign.map(({ variant }) => variant)],
    ["STRAND_SUSPECT", foreign.filter(({ strandSuspect }) => strandSuspect).map(({ variant }) => variant)],
    ["PALINDROMIC", firstOfEach(variants.filter((variant) => isPalindromic(module, variant)))],
    ["SIGN_CONTRADICTS", variants.filter(contradictsSign)],
    ["CONCLUSION_NAMES_OTHER_GENOTYPE", variants.filter(namesOtherGenotype)],
    ["WITHOUT_WEIGHTS", variants.every(({ weight }) => weight === null) ? variants.slice(0, 1) : []],
    ["SEVERAL_LOCI", firstOfEach(variants.filter((variant) => lociOf(module, variant).length > 1))],
    ["SEVERAL_GENES", firstOfEach(variants.filter(({ gene }) => /[,;(|]/.test(gene ?? "")))],
    ["FOREIGN_LETTERS", variants.filter(hasForeignLetters)],
  ];
  const found = variantHits.flatMap(([rule, hits]) =>
    finding(
      rule,
      hits.map((variant) => hitOf(variant, variant.genotype.text)),
    ),
  );
  const studyHit = (rule: LintRule, pattern: RegExp): readonly LintFinding[] =>
    finding(
      rule,
      studies
        .filter(({ p_value }) => pattern.test(p_value ?? ""))
        .map(({ at, rsid, p_value }) => ({ at, example: `${rsid ?? ""} ${p_value ?? ""}` })),
    );
  return [
    ...found,
    ...genotypeGaps(module),
    ...copiedPValues(module),
    ...studyHit("DECIMAL_COMMA", /\d,\d/),
    ...studyHit("UNICODE_MINUS", /[\u2212\u2013\u2014]/),
  ].toSorted((a, b) => LINT_RULES.indexOf(a.rule) - LINT_RULES.indexOf(b.rule));
}

/** What several modules, by their folders, say differently. */
export function lintTogether(modules: ReadonlyMap<string, AuthoredModule>): readonly LintFinding[] {
  return [...oppositeDirections(modules), ...otherPlaces(modules)];
}

/** Variants that a module has at no position where another has them; each is held against the first that has one. */
function otherPlaces(modules: ReadonlyMap<string, AuthoredModule>): readonly LintFinding[] {
  const known = new Map<string, { module: string; places: readonly string[] }>();
  const hits: Hit[] = [];
  for (const [folder, module] of modules) {
    for (const variant of firstOfEach(module.variants)) {
      const places = lociOf(module, variant).map(({ chrom, start }) => `${chrom}:${start}`);
      if (variant.rsid === null || places.length === 0) continue;
      const first = known.get(variant.rsid) ?? { module: module.spec.name, places };
      known.set(variant.rsid, first);
      if (places.some((place) => first.places.includes(place))) continue;
      const views = [first, { module: module.spec.name, places }];
      hits.push({
        at: `${folder}/${variant.at}`,
        example: `${variant.rsid}: ${views.map(({ module: name, places: at }) => `${name} ${at.join(" and ")}`).join(", ")}`,
      });
    }
  }
  return finding("PLACES_DISAGREE", hits);
}

/** Genotypes of one variant to which several modules give opposite directions. */
function oppositeDirections(modules: ReadonlyMap<string, AuthoredModule>): readonly LintFinding[] {
  const said = new Map<string, { direction: string; module: string; at: string }[]>();
  for (const [folder, { spec, variants }] of modules) {
    for (const { key, genotype, direction, at } of variants) {
      if (direction !== "protective" && direction !== "risk") continue;
      const name = `${key} ${genotype.text}`;
      said.set(name, [...(said.get(name) ?? []), { direction, module: spec.name, at: `${folder}/${at}` }]);
    }
  }
  const hits = [...said].filter(([, views]) => new Set(views.map(({ direction }) => direction)).size > 1);
  return finding(
    "MODULES_DISAGREE",
    hits.map(([name, views]) => ({
      at: views[0]?.at ?? "",
      example: `${name}: ${views.map(({ module, direction }) => `${module} ${direction}`).join(", ")}`,
    })),
  );
}

/** What a rule found: where, and what it says. */
interface Hit {
  readonly at: string;
  readonly example: string;
}

function hitOf({ at, key }: VariantRow, genotype: string): Hit {
  return { at, example: `${key} ${genotype}` };
}

function finding(rule: LintRule, hits: readonly Hit[]): readonly LintFinding[] {
  const [first] = hits;
  if (first === undefined) return [];
  const examples = hits.slice(0, EXAMPLES).map(({ example }) => example);
  return [{ rule, count: hits.length, at: first.at, examples }];
}

function firstOfEach(variants: readonly VariantRow[]): readonly VariantRow[] {
  const seen = new Set<string>();
  return variants.filter(({ key }) => !seen.has(key) && seen.add(key));
}

/** A/T and C/G sites read the same on both strands, so a flip cannot be seen. */
function isPalindromic(module: AuthoredModule, variant: VariantRow): boolean {
  return lociOf(module, variant).some(({ ref, alts }) => {
    const pair = `${ref ?? ""}${(alts ?? []).join("")}`;
    return ["AT", "TA", "CG", "GC"].includes(pair);
  });
}

function contradictsSign({ weight, state, direction }: VariantRow): boolean {
  if (weight === null || weight === 0) return false;
  const against = weight > 0 ? "risk" : "protective";
  return state === against || direction === against;
}

/** `CC genotype`, `genotype A/G` and their like, of which none is the row's own. */
function namesOtherGenotype({ conclusion, genotype }: VariantRow): boolean {
  const pattern =
    /\b([ACGT])\/?([ACGT])[- ](?:genotype|variant|carrier|homozyg)|genotype:? ([ACGT])\/?([ACGT])\b/g;
  const named = [...conclusion.matchAll(pattern)].map(([, a, b, c, d]) =>
    [a ?? c ?? "", b ?? d ?? ""].toSorted().join("/"),
  );
  return named.length > 0 && !named.includes(genotype.alleles.toSorted().join("/"));
}

/**
 * Sites of one alternate, where a person has two alleles, that lack a genotype, which is named; and rows that speak of the
 * reference homozygote.
 */
function genotypeGaps(module: AuthoredModule): readonly LintFinding[] {
  const byKey = new Map<string, VariantRow[]>();
  for (const variant of module.variants) {
    byKey.set(variant.key, [...(byKey.get(variant.key) ?? []), variant]);
  }
  const sites = [...byKey.values()].flatMap((rows) => {
    const [first] = rows;
    const locus = first && lociOf(module, first)[0];
    if (first === undefined || locus?.ref == null || locus.alts?.length !== 1) return [];
    if (isHaploid(locus.chrom, locus.start)) return [];
    const [ref, alt] = [locus.ref, locus.alts[0] ?? ""];
    const named = (a: string, b: string): string => [a, b].toSorted().join("/");
    const rowOf = (genotype: string): VariantRow | undefined =>
      rows.find(({ genotype: { alleles } }) => alleles.toSorted().join("/") === genotype);
    const lacks = (genotype: string): Hit[] => (rowOf(genotype) ? [] : [hitOf(first, genotype)]);
    const reference = rowOf(named(ref, ref));
    return [
      {
        het: lacks(named(ref, alt)),
        alt: lacks(named(alt, alt)),
        ref: reference === undefined ? [] : [hitOf(reference, reference.genotype.text)],
      },
    ];
  });
  return [
    ...finding(
      "HET_MISSING",
      sites.flatMap(({ het }) => het),
    ),
    ...finding(
      "HOM_ALT_MISSING",
      sites.flatMap(({ alt }) => alt),
    ),
    ...finding(
      "HOM_REF_AUTHORED",
      sites.flatMap(({ ref }) => ref),
    ),
  ];
}

function hasForeignLetters({ conclusion, gene, phenotype }: VariantRow): boolean {
  return [conclusion, gene, phenotype].some((text) => /[\u0400-\u04ff]|â€|Ã./.test(text ?? ""));
}

/** One p-value written to several publications of one variant: it belongs to one of them at most. */
function copiedPValues({ studies }: AuthoredModule): readonly LintFinding[] {
  const groups = new Map<string, { at: string; example: string; pmids: Set<string> }>();
  for (const { rsid, p_value, pmid, at } of studies) {
    if (p_value === null) continue;
    const example = `${rsid ?? ""} ${p_value}`;
    const group = groups.get(example) ?? { at, example, pmids: new Set() };
    groups.set(example, group);
    group.pmids.add(pmid);
  }
  return finding(
    "P_VALUE_COPIED",
    [...groups.values()].filter(({ pmids }) => pmids.size > 1),
  );
}
