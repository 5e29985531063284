/** A group of the longevity section. */
export interface Pathway {
  /** As `category` states it in the module. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
}

/** The name of the module that is shown by pathway. */
export const LONGEVITY_MODULE = "longevitymap";

/** Where a variant goes whose category is missing or is none of the twelve. */
export const OTHER_PATHWAY = "other";

/** The twelve pathways, in the order in which they are shown. */
export const PATHWAYS: readonly Pathway[] = [
  {
    key: "lipids",
    title: "Lipid transport and signalling",
    description:
      "Genes that carry fats in the blood and decide how quickly they are cleared, APOE and CETP among them. Families with many long-lived members often differ from their peers here, and the same genes weigh on heart disease and on memory in old age.",
  },
  {
    key: "insulin",
    title: "Insulin and IGF-1 signalling",
    description:
      "The pathway by which cells learn that food is plentiful. Turning it down lengthens life in worms, flies and mice; in people the best repeated finding is FOXO3, a switch that this pathway holds shut.",
  },
  {
    key: "antioxidant",
    title: "Antioxidant defence",
    description:
      "Enzymes that take care of reactive oxygen before it reaches fats, proteins and DNA. Differences between people are common and most effects are small, and studies do not always agree on their direction.",
  },
  {
    key: "mitochondria",
    title: "Mitochondria",
    description:
      "Genes for the cell's energy supply, on the nuclear chromosomes as well as on the small mitochondrial one. Results often hold in one population alone, because mitochondrial lineages differ from place to place.",
  },
  {
    key: "sirtuin",
    title: "Sirtuins",
    description:
      "Enzymes that read the cell's energy state and adjust repair, metabolism and the packing of DNA. They are well studied in the laboratory; in human cohorts the associations are fewer and weaker.",
  },
  {
    key: "mtor",
    title: "mTOR signalling",
    description:
      "The growth switch that balances building against recycling. Slowing it lengthens life in mice even when begun late; how natural variants of its genes act in people is little known so far.",
  },
  {
    key: "tumor-suppressor",
    title: "Tumour suppression",
    description:
      "Genes that halt or remove a cell whose DNA is damaged. A stricter guard lowers the risk of cancer but may spend stem cells sooner, so one variant can be good for one age and less so for another.",
  },
  {
    key: "renin-angiotensin",
    title: "Renin–angiotensin system",
    description:
      "The hormones that hold blood pressure and the balance of salt. Their genes were among the first to be compared between centenarians and younger people, and later studies confirmed only part of what was found.",
  },
  {
    key: "heat-shock",
    title: "Heat-shock response",
    description:
      "Chaperones that fold proteins and rescue those that heat or stress has unfolded. The response weakens with age, and variants near the HSP70 genes have been compared with survival in several cohorts.",
  },
  {
    key: "inflammation",
    title: "Inflammation and immunity",
    description:
      "Signals such as interleukins, and the receptors that start a defence. A lasting, low level of inflammation goes with frailty; yet the same alleles may have helped to survive infection, so effects vary with place and time.",
  },
  {
    key: "genome_maintenance",
    title: "Genome maintenance",
    description:
      "Repair of DNA, the ends of chromosomes, and what happens to a message after it is copied. Rare defects here bring early ageing; the common variants listed below act far more mildly.",
  },
  {
    key: OTHER_PATHWAY,
    title: "Other genes",
    description:
      "Variants that were studied for longevity but belong to none of the pathways above, or whose curators named none. Many come from scans of the whole genome, where the gene that does the work is often not known.",
  },
];
