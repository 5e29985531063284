import type { Table } from "apache-arrow";

import type { ErrorInfo } from "#protocol/error.ts";

import type { TablePages } from "../table/table-pages.ts";

/** The value of a variable, as the page draws it: a closed set, whatever the cell types are. */
export type Output =
  | {
      readonly kind: "table";
      readonly table: TablePages;
      /** The rows themselves, for scripts; null for a table behind a window. */
      readonly rows: Table | null;
      readonly notes: readonly string[];
    }
  | { readonly kind: "report"; readonly url: string; readonly file: string }
  /** HTML made by the page itself from prose: no markup of the notebook passes. */
  | { readonly kind: "markup"; readonly html: string }
  /** HTML that a notebook wrote: only for a sandboxed frame. */
  | { readonly kind: "frame"; readonly html: string }
  | { readonly kind: "value"; readonly text: string }
  /** A script's run: what it displayed is on its stage, what it defines for others is here. */
  | {
      readonly kind: "cell";
      readonly outputs: Readonly<Record<string, unknown>>;
      /** What a reader must know of its inputs: `reads the first 50,000 of 301,002 rows of x`. */
      readonly notes: readonly string[];
    }
  /** A JavaScript value that others read. */
  | { readonly kind: "variable"; readonly value: unknown; readonly notes: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "error"; readonly error: ErrorInfo }
  /** Something above failed, is missing or disabled: `by` names the first thing that is. */
  | { readonly kind: "blocked"; readonly by: string; readonly error: ErrorInfo };

export const NOTHING: Output = { kind: "none" };
