import { isMap, isScalar } from "yaml";
import type { Document } from "yaml";

/** Start of the node at a path, or of the nearest one around it that is there; of a key at the top, the key itself. */
export function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const [only] = path;
  if (path.length === 1 && isMap(document.contents)) {
    const keys = document.contents.items.map(({ key }) => key).filter((key) => isScalar(key));
    const start = keys.find(({ value }) => value === only)?.range?.[0];
    if (start !== undefined) return start;
  }
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
    if (Array.isArray(range)) return Number(range[0]);
  }
  return 0;
}
