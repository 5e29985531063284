/**
 * What an exported notebook holds: one HTML file, in which a piece of JSON says what is shown and names blocks of
 * data that follow it. The kernel writes it, the file's own script reads it, `karyon report verify` checks it.
 */
import type { ErrorInfo } from "./error.ts";
import type { AssetKey } from "./ids.ts";
import type { QueryValue } from "./messages.ts";
import type { Provenance } from "./provenance.ts";
import type { Snapshot } from "./view.ts";

export const EXPORT_FORMAT = "karyon.notebook/1";

/** Ids of the elements of the file. */
export const NOTEBOOK_ELEMENT = "karyon-notebook";
export const RUNTIME_ELEMENT = "karyon-runtime";
/** Type of the elements that hold blocks: nothing runs or parses it. */
export const BLOCK_TYPE = "application/x-karyon-block";

/** Rows of a block of a table: every page of rows lies in one block, which is unpacked within a blink. */
export const BLOCK_ROWS = 16_000;

/** Bytes in the file: gzip, then base64, in an element of {@link BLOCK_TYPE} with this id. */
export interface ExportedBlock {
  readonly id: string;
  /** SHA-256 (hex) of the gzip bytes. */
  readonly sha256: string;
  /** Of the gzip bytes. */
  readonly bytes: number;
}

/** A table as Arrow IPC streams: {@link BLOCK_ROWS} rows a block, but for the last. */
export interface ExportedTable {
  readonly columns: readonly string[];
  /** Rows in the file. */
  readonly rows: number;
  /** Rows of the whole table; more than `rows` when it was cut; null when nobody counted. */
  readonly of: number | null;
  /** Columns that were left out. */
  readonly without: number;
  readonly blocks: readonly ExportedBlock[];
}

/** What live SQL gave, or why it is not here. */
export type ExportedQuery =
  /** `values`: what its `${}` and those of the live cells it reads were, by cell. */
  | {
      readonly table: ExportedTable;
      readonly values: Readonly<Record<string, readonly QueryValue[]>>;
    }
  | { readonly error: ErrorInfo };

export type CodeShown = "shown" | "folded" | "left-out";

/** The choices of whoever exported. */
export interface ExportChoices {
  readonly code: CodeShown;
  /** Most rows of a table. */
  readonly rows: number;
}

export interface ExportedNotebook {
  readonly format: typeof EXPORT_FORMAT;
  readonly software: string;
  /** ISO 8601, UTC. */
  readonly exportedAt: string;
  /** Name of the sample alone, without whose it is; null when nothing of one is shown. */
  readonly sample: string | null;
  readonly choices: ExportChoices;
  /** Of the chosen cells and what they are made from; nothing of any other sample or notebook. */
  readonly snapshot: Snapshot;
  /** Ids of cells that are in the file for what they compute, and not shown. */
  readonly hidden: readonly string[];
  readonly tables: Readonly<Record<AssetKey, ExportedTable>>;
  /** By cell. */
  readonly queries: Readonly<Record<string, ExportedQuery>>;
  /** Documents of the report assets, one HTML file each. */
  readonly reports: Readonly<Record<AssetKey, ExportedBlock>>;
  /** Reports that are not in the file although their cells are, and why. */
  readonly leftOut: Readonly<Record<AssetKey, string>>;
  /** What the inputs stood at, by cell; one that is not here stands where its cell puts it. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** SHA-256 (hex) of the script and of the style of the file. */
  readonly runtime: { readonly script: string; readonly style: string };
  /** Texts of `ts` cells → the same without types. */
  readonly stripped: Readonly<Record<string, string>>;
  /** How each cell that shows something was made, by cell. */
  readonly provenance: Readonly<Record<string, Marked>>;
}

/** A provenance with its mark: the SHA-256 (hex) of its canonical text. */
export interface Marked {
  readonly mark: string;
  readonly provenance: Provenance;
}
