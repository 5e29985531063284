import type { ErrorInfo } from "#protocol/error.ts";
import type { CellView } from "#protocol/view.ts";

/** A stretch of a cell's text to underline: 1-based. */
export interface CellMarker {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

/**
 * Where a cell's errors are in its text: a static one, and what it last failed with. One that came with another
 * text, or that names another cell, is not of this text; one without a place is told above the code alone.
 */
export function cellMarkers(cell: CellView, failure: ErrorInfo | null, text: string): CellMarker[] {
  const errors = [cell.error, failure].filter((error) => error !== null);
  const lines = text.split("\n");
  const found = errors.flatMap((error): CellMarker[] => {
    const marker = markerOf(error, cell);
    const line = lines[(marker?.line ?? 0) - 1];
    return marker === null || line === undefined || marker.column > line.length + 1 ? [] : [marker];
  });
  return found.filter(
    (one, at) => found.findIndex((other) => other.line === one.line && other.message === one.message) === at,
  );
}

function markerOf(error: ErrorInfo, cell: CellView): CellMarker | null {
  if (error.span === undefined) return null;
  if (error.cell !== undefined && error.cell !== cell.id && error.cell !== cell.name) return null;
  const { line, column, length } = error.span;
  const message = error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  return { line, column, length: Math.max(1, length), message };
}
