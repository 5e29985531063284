import type { RowsLike } from "./rows.ts";
import { numberOf, rowsOf, textOf } from "./rows.ts";

/** A matched row of a module, as far as the views draw it. */
export interface Hit {
  readonly module: string;
  readonly gene: string;
  readonly rsid: string;
  readonly genotype: string;
  readonly chrom: string;
  /** 1-based; null when the hit has no place. */
  readonly start: number | null;
  /** On the module's own scale; null when it states none. */
  readonly weight: number | null;
  readonly category: string;
  readonly conclusion: string;
}

const COLUMNS = [
  "module",
  "gene",
  "rsid",
  "genotype",
  "chrom",
  "start",
  "weight",
  "category",
  "conclusion",
] as const;

/** Rows of `user_hf_module_annotations`, or of a query over it that keeps these columns' names. */
export function hitsOf(table: RowsLike): Hit[] {
  return rowsOf(table, COLUMNS).map((row) => ({
    module: textOf(row["module"]),
    gene: textOf(row["gene"]),
    rsid: textOf(row["rsid"]),
    genotype: textOf(row["genotype"]),
    chrom: textOf(row["chrom"]),
    start: numberOf(row["start"]),
    weight: numberOf(row["weight"]),
    category: textOf(row["category"]),
    conclusion: textOf(row["conclusion"]),
  }));
}

/** How a person names a hit: gene, rsID, genotype, as far as each is known. */
export function hitName({ gene, rsid, genotype }: Hit): string {
  return [gene, rsid, genotype].filter((part) => part !== "").join(" ");
}

/** Of a weight: what is helpful, harmful, or neither. */
export function tone(weight: number | null): "positive" | "negative" | "neutral" {
  return weight === null || weight === 0 ? "neutral" : weight > 0 ? "positive" : "negative";
}

/** Colours of the page, which follow its theme. */
export const TONE_COLOURS: { readonly domain: string[]; readonly range: string[] } = {
  domain: ["negative", "neutral", "positive"],
  range: ["var(--negative)", "var(--neutral)", "var(--positive)"],
};
