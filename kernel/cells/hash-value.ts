import { sha256 } from "#notebook/sha256.ts";

/** Hash of a value, the same however it was written: the order of keys does not count, and undefined is as null. */
export function hashValue(value: unknown): string {
  return sha256(sortedText(value));
}

/** Not `canonicalJson` of the modules, which leaves out what is undefined: what was made so far has hashes of this. */
function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => sortedText(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedText(item)}`).join(",")}}`;
}
