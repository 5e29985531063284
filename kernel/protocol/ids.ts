import { WorkspaceError } from "./error.ts";
import { escapeSegment } from "./escape-segment.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Name of an asset in the whole workspace: parts joined by `/`. */
export type AssetKey = Branded<"AssetKey">;
/** `user/sample`, each part as a person wrote it; the empty string for an asset without partitions. */
export type PartitionKey = Branded<"PartitionKey">;
/** SHA-256 (hex) over what a cell computes: kind, normalised source, configuration, engine. */
export type CodeVersion = Branded<"CodeVersion">;
/** SHA-256 (hex) over the content of an output: names and hashes of its files. */
export type DataVersion = Branded<"DataVersion">;
/** SHA-256 (hex) of one stored file. */
export type ObjectHash = Branded<"ObjectHash">;
/** Number of a run in this workspace, from 1 up. */
export type RunId = number;

/** The partition of an asset that has none. */
export const WHOLE = "" as PartitionKey;

const KEY_PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const LONGEST_DIMENSION = 200;
/** Of the folder that has the name of a dimension: more no disk takes. */
const MOST_BYTES = 255;

/** @throws {WorkspaceError} `usage` when a part is empty, too long or has other characters */
export function assetKey(text: string): AssetKey {
  for (const part of text.split("/")) {
    if (KEY_PART.test(part)) continue;
    throw new WorkspaceError({
      code: "usage",
      message: `not an asset key: ${text}`,
      hint: "Write letters, digits, _ . or -, at most 64 a part, parts joined by /.",
    });
  }
  return text as AssetKey;
}

/**
 * A partition from its dimensions, in order: user, then sample.
 *
 * @throws {WorkspaceError} `usage` for a value that is empty, `.`, `..`, absolute, over-long, has a `/`
 *   or a control character
 */
export function partitionKey(user: string, sample: string): PartitionKey {
  const bad = [user, sample].find((value) => !isDimension(value));
  if (bad !== undefined) throw notAPartition(bad);
  return `${user}/${sample}` as PartitionKey;
}

/** Reads `user/sample`. @throws {WorkspaceError} `usage` as {@link partitionKey} */
export function parsePartition(text: string): PartitionKey {
  const slash = text.indexOf("/");
  const fits = slash > 0 && isDimension(text.slice(0, slash)) && isDimension(text.slice(slash + 1));
  if (!fits) throw notAPartition(text);
  return text as PartitionKey;
}

/** Whether a text has the key of one of these partitions in it, as the name of a column may. */
export function namesPartition(text: string, partitions: readonly PartitionKey[]): boolean {
  return partitions.some((key) => text.includes(key));
}

/** User and sample of a key; both empty for {@link WHOLE}. */
export function dimensions(key: PartitionKey): { readonly user: string; readonly sample: string } {
  const slash = key.indexOf("/");
  return slash < 0 ? { user: "", sample: "" } : { user: key.slice(0, slash), sample: key.slice(slash + 1) };
}

/** Whether a user or a sample can be called so. */
export function isDimension(value: string): boolean {
  return !(
    value === "" ||
    value === "." ||
    value === ".." ||
    value.length > LONGEST_DIMENSION ||
    /[/\\\p{Cc}\p{Cs}]/u.test(value) ||
    /^[A-Za-z]:/.test(value) ||
    new TextEncoder().encode(escapeSegment(value)).length > MOST_BYTES
  );
}

function notAPartition(text: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `not a partition key: ${JSON.stringify(text)}`,
    hint: "Write USER/SAMPLE, such as anton/my_sample: no empty or over-long part, no .. and no second /.",
  });
}
