/** What an annotation module says of one site: enough to plant it and to know what must match. */
export interface PlantedSite {
  readonly module: string;
  readonly rsid: string;
  /** Folded, as in tables: `1` … `22`, `X`, `Y`, `MT`; null for a site without coordinates. */
  readonly chrom: string | null;
  /** 1-based (POS); null for a site without coordinates. */
  readonly start: number | null;
  /** Null: the module does not state it. */
  readonly ref: string | null;
  readonly alts: readonly string[];
  readonly genotypes: readonly AuthoredGenotype[];
}

/** A genotype that a module has a row for. */
export interface AuthoredGenotype {
  /** In authored order: a match compares them, one by one, with the sorted alleles of the call. */
  readonly alleles: readonly string[];
  /** Null: the row has none. */
  readonly weight: number | null;
}
