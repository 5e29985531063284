/** Where a person wants to go in a table. */
export type Destination =
  /** 0-based. */
  | { readonly kind: "row"; readonly row: number }
  | { readonly kind: "rsid"; readonly rsid: string }
  /** 1-based, both ends included. */
  | { readonly kind: "locus"; readonly contig: string; readonly first: number; readonly last: number }
  | { readonly kind: "gene"; readonly gene: string };

/** What cannot be gone to though it is plain what is meant: a sentence that says why. */
export interface NoPlace {
  readonly kind: "no-place";
  readonly why: string;
}
