import type { ErrorInfo } from "#protocol/error.ts";
import type { CellView } from "#protocol/view.ts";

import { browserKind } from "./browser-cells.ts";
import type { Outputs } from "./outputs.ts";

/** What a cell that the page computes fails with; what is off, or waits for trust or an asset, has not failed. */
export function failureOf(outputs: Outputs, cell: CellView): ErrorInfo | null {
  if (cell.disabledBy !== null || browserKind(cell) === null || !outputs.mayRun()) return null;
  const output = outputs.ofCell(cell.id);
  return output?.kind === "error" && output.error.code !== "asset" ? output.error : null;
}
