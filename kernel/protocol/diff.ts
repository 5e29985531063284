/** What is different between two versions of a table. */

/** How rows of two tables were told to be the same row. */
export interface DiffKey {
  readonly columns: readonly string[];
  /**
   * `given`: a person named the columns · `site`: a variant's place and alleles, for calls of an array the rsID, and for rows of modules the module, the
   * place, its reference allele and the genotype · `leading`: the fewest first columns that tell all rows apart · `whole row`: there are none, so
   * that no row is changed, only added and removed.
   */
  readonly rule: "given" | "site" | "leading" | "whole row";
}

export interface ColumnDiff {
  readonly name: string;
  /** `compared`, or why not: it is on one side alone. */
  readonly is: "compared" | "added" | "removed";
  /** Rows of both sides in which it differs; 0 for what is not compared. */
  readonly rows: number;
}

export interface CellDiff {
  readonly column: string;
  /** As text; null where there is no value. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface RowDiff {
  readonly kind: "added" | "removed" | "changed";
  /** Values of the key, as text, in its order. */
  readonly key: readonly (string | null)[];
  /** Of a changed row what changed; of another what it has. */
  readonly cells: readonly CellDiff[];
}

/** What one module said before and says now. */
export interface ModuleMove {
  readonly module: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly rows_before: number;
  readonly rows_after: number;
  /** Sums of the weights of called rows, 2 decimals; null: no such row has a weight. */
  readonly net_weight_before: number | null;
  readonly net_weight_after: number | null;
}

export interface TableDiff {
  readonly key: DiffKey;
  readonly counts: {
    readonly before: number;
    readonly after: number;
    readonly added: number;
    readonly removed: number;
    readonly changed: number;
  };
  /** Those of both tables in the order of the later one, then those that are gone; the key is not among them. */
  readonly columns: readonly ColumnDiff[];
  /** Every module of either side, by name: what moved the report. Null for a table that is no annotations. */
  readonly modules: readonly ModuleMove[] | null;
  /** Those whose weight moved the most first, else in the order of the tables; of very many, the first. */
  readonly rows: readonly RowDiff[];
}
