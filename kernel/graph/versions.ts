import { createHash } from "node:crypto";

import type { CodeVersion, DataVersion } from "#protocol/ids.ts";
import type { StoredFile } from "#protocol/record.ts";

import { SOFTWARE_PARTS } from "./definition.ts";
import type { AssetDefinition } from "./definition.ts";

/** SHA-256 (hex) over fields, each with its length before it: ("1", "23") and ("12", "3") differ. */
export function hashFields(fields: readonly string[]): string {
  const hash = createHash("sha256");
  for (const field of fields) {
    const bytes = Buffer.from(field);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest("hex");
}

/** Version of what a cell computes: its kind and the parts it depends on, in the order of their names. */
export function codeVersion(kind: string, parts: Readonly<Record<string, string>>): CodeVersion {
  return hashFields([kind, ...sortedEntries(parts).flat()]) as CodeVersion;
}

/**
 * Version of what a person wrote of an asset, by which it is known whether a failure is of what is written now. Which
 * engine it is on they wrote, too; not which version of that, or of Karyon.
 */
export function writtenVersion(
  { kind, cell }: Pick<AssetDefinition, "kind" | "cell">,
  parts: Readonly<Record<string, string>>,
): CodeVersion {
  const written = Object.entries(parts).map(([part, value]) => [part, SOFTWARE_PARTS.has(part) ? "" : value]);
  // No part of what it gives, and what a try that took too long failed by.
  const timeout = cell.attributes["timeout"] ?? "";
  return codeVersion(kind, { ...Object.fromEntries(written), timeout });
}

/** Version of an output by its content: the names and hashes of its files. */
export function dataVersion(files: readonly StoredFile[]): DataVersion {
  const entries = sortedEntries(Object.fromEntries(files.map(({ name, hash }) => [name, hash])));
  return hashFields(entries.flat()) as DataVersion;
}

function sortedEntries(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
