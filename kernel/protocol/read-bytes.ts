import type { AssetKey } from "./ids.ts";
import type { AssetRecord } from "./record.ts";

/** What steps read of their inputs. */
export interface ReadBytes {
  /** As the inputs stand now; null when the size of none is known. */
  readonly bytes: number | null;
  /** Whether the size of an input is not known, such as of one that was never made: it is left out. */
  readonly isPartial: boolean;
}

/** What steps read, by the inputs of each; `sizeOf`: null where it is not known. What two of them read counts twice. */
export function readBytes(
  steps: readonly (readonly AssetKey[])[],
  sizeOf: (input: AssetKey) => number | null,
): ReadBytes {
  const sizes = steps.flat().map((input) => sizeOf(input));
  const known = sizes.filter((size) => size !== null);
  return {
    bytes: known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0),
    isPartial: known.length < sizes.length,
  };
}

/** Size of what is stored, else of what stands outside; null where it is not known: what has no files leads to others. */
export function storedBytes(
  record: Pick<AssetRecord, "bytes" | "files"> | null,
  observed: number | undefined,
): number | null {
  if (record === null) return observed ?? null;
  return record.files.length === 0 ? null : record.bytes;
}
