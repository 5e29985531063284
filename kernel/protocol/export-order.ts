/** What the server asks of a kernel that writes an exported notebook. */
import type { ErrorInfo } from "./error.ts";
import type { ExportedNotebook, ExportedTable } from "./exported.ts";
import type { AssetKey, PartitionKey } from "./ids.ts";
import type { LiveQuery } from "./kernel-messages.ts";

/** What the file is to hold, and where it goes. Paths are absolute. */
export interface ExportOrder {
  readonly out: string;
  readonly title: string;
  /** Where the script and the style of exported notebooks lie. */
  readonly runtime: { readonly script: string; readonly style: string };
  /** Everything of the file but what the kernel reads. */
  readonly notebook: Omit<ExportedNotebook, "tables" | "queries" | "reports" | "stripped" | "runtime">;
  readonly tables: readonly TableOrder[];
  readonly queries: readonly QueryOrder[];
  readonly reports: readonly { readonly asset: AssetKey; readonly path: string }[];
  /** Texts of `ts` cells. */
  readonly typed: readonly string[];
  /** Samples that no column of live SQL may be named by. */
  readonly unnamed: readonly PartitionKey[];
}

export interface TableOrder {
  readonly asset: AssetKey;
  /** Of its Parquet file. */
  readonly path: string;
  /** Columns in the file, in this order; null: all. */
  readonly columns: readonly string[] | null;
  /** Most rows in the file. */
  readonly rows: number;
}

/** A query that cannot be asked comes with why. */
export type QueryOrder = { readonly cell: string } & (
  | { readonly query: LiveQuery }
  | { readonly error: ErrorInfo }
);

export interface ExportWritten {
  readonly bytes: number;
  /** SHA-256 (hex) of the JSON that says what is shown: it names every block by its own. */
  readonly seal: string;
  readonly tables: readonly {
    readonly asset: AssetKey;
    readonly rows: number;
    readonly of: number | null;
  }[];
}

/** A table in an exported file, and the stored table that it is said to be rows of. Paths are absolute. */
export interface CompareOrder {
  readonly file: string;
  readonly table: Pick<ExportedTable, "columns" | "rows" | "blocks">;
  /** Folder of the stored files, and the hash of the Parquet file. */
  readonly objects: string;
  readonly hash: string;
}

/** The first place in which two tables are not the same: never what stands there. */
export interface TableDifference {
  /** 1-based; null: it is the columns that differ. */
  readonly row: number | null;
  /** Null: one of the two has no such row. */
  readonly column: string | null;
}
