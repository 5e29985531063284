/** Why a result is closed until a reader opens it. */
export interface SensitiveTopic {
  readonly key: string;
  readonly title: string;
  /** Read before the choice to open. */
  readonly sentence: string;
}

/** What decides whether a result is sensitive. Positions are GRCh38, 1-based. */
export interface SensitiveFacts {
  readonly rsids: readonly string[];
  readonly chrom: string | null;
  readonly start: number | null;
  readonly gene: string | null;
  readonly pathogenic: boolean | null;
  readonly clin_sig: string | null;
}

const APOE: SensitiveTopic = {
  key: "apoe",
  title: "APOE and Alzheimer's disease",
  sentence:
    "This position helps to tell the ε2, ε3 and ε4 forms of APOE, and ε4 goes with a higher chance of Alzheimer's disease in later life. It is neither a diagnosis nor a forecast, and no treatment depends on it today. Some people prefer not to know.",
};
const BREAST_AND_OVARY: SensitiveTopic = {
  key: "brca",
  title: "Hereditary breast and ovarian cancer",
  sentence:
    "This result lies in BRCA1 or BRCA2. Most variants in these genes are harmless; a few raise the risk of cancer, for relatives too. A result that matters needs a genetic counsellor and a confirming test in an accredited laboratory.",
};
const EARLY_ALZHEIMER: SensitiveTopic = {
  key: "psen",
  title: "Early-onset Alzheimer's disease",
  sentence:
    "This result lies in a presenilin gene. Rare variants of these genes cause Alzheimer's disease early in life; most variants do not. Speak with a genetic counsellor before you act on it.",
};
const HUNTINGTON: SensitiveTopic = {
  key: "htt",
  title: "Huntington's disease",
  sentence:
    "This result lies in the gene of Huntington's disease. The disease is caused by a repeat that short reads cannot count, so this row can neither show it nor rule it out. Predictive testing belongs with a genetic counsellor.",
};
const PATHOGENIC: SensitiveTopic = {
  key: "pathogenic",
  title: "Reported as pathogenic",
  sentence:
    "A database lists this variant as pathogenic or likely pathogenic. Many such flags in raw data turn out to be wrong, and a carrier is often not affected. Confirm it in an accredited laboratory and speak with a genetic counsellor.",
};

const APOE_RSIDS: ReadonlySet<string> = new Set(["rs429358", "rs7412"]);
const APOE_POSITIONS: ReadonlySet<number> = new Set([44_908_684, 44_908_822]);
const TOPIC_OF_GENE: ReadonlyMap<string, SensitiveTopic> = new Map([
  ["BRCA1", BREAST_AND_OVARY],
  ["BRCA2", BREAST_AND_OVARY],
  ["PSEN1", EARLY_ALZHEIMER],
  ["PSEN2", EARLY_ALZHEIMER],
  ["HTT", HUNTINGTON],
]);

/** The topic of a result, the most specific first; null when it may stand open. */
export function sensitiveTopic(facts: SensitiveFacts): SensitiveTopic | null {
  if (isApoe(facts)) return APOE;
  for (const symbol of (facts.gene ?? "").toUpperCase().split(/[^A-Z0-9-]+/)) {
    const topic = TOPIC_OF_GENE.get(symbol);
    if (topic !== undefined) return topic;
  }
  return facts.pathogenic === true || isPathogenic(facts.clin_sig ?? "") ? PATHOGENIC : null;
}

function isApoe({ rsids, chrom, start }: SensitiveFacts): boolean {
  if (rsids.some((rsid) => APOE_RSIDS.has(rsid))) return true;
  return chrom === "19" && start !== null && APOE_POSITIONS.has(start);
}

/** Of tiers such as `Pathogenic/Likely_pathogenic`; conflicting classifications are no such tier. */
function isPathogenic(clinSig: string): boolean {
  return clinSig
    .toLowerCase()
    .split(/[|/,;]/)
    .map((tier) => tier.trim().replaceAll(" ", "_"))
    .some((tier) => tier === "pathogenic" || tier === "likely_pathogenic");
}
