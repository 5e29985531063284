import type { ErrorInfo } from "#protocol/error.ts";

import type { TablePages } from "../table/table-pages.ts";

/** The value of a variable, as the page draws it: a closed set, whatever the cell types are. */
export type Output =
  | { readonly kind: "table"; readonly table: TablePages }
  | { readonly kind: "report"; readonly url: string; readonly file: string }
  /** HTML made by the page itself from prose: no markup of the notebook passes. */
  | { readonly kind: "markup"; readonly html: string }
  | { readonly kind: "value"; readonly text: string }
  | { readonly kind: "none" }
  | { readonly kind: "error"; readonly error: ErrorInfo };
