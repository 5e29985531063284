import { sha256 } from "#notebook/sha256.ts";

/**
 * Identity of compiled content: SHA-256 over the canonical JSON of `{name, sha256}` of each part, sorted by name.
 * Part hashes are taken over rows, not over Parquet bytes, so that an upgrade of the engine leaves a module the
 * same module.
 */
export function contentDigest(parts: readonly { readonly name: string; readonly sha256: string }[]): string {
  const sorted = parts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return sha256(canonicalJson(sorted.map(({ name, sha256 }) => ({ name, sha256 }))));
}

/** JSON with the keys of every object sorted and no space between: one text for one value. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
