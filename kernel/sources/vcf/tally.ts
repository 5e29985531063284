import type { ChunkFunction, FunctionChunk } from "../../engines/engine.ts";
import { factOf, isKept, MASK_BITS, SKIP } from "./mask.ts";
import type { RemovedSites } from "./removed-sites.ts";
import { TALLY } from "./statement.ts";

const COUNT_EVERY = 64;

/**
 * Sees every record once as it streams into the table: counts masks, keeps the sites of what is removed, and
 * decides what is kept.
 */
export class Tally {
  readonly removed: RemovedSites;
  readonly #counts = new Uint32Array(1 << MASK_BITS);
  #records = 0;
  #chunks = 0;
  readonly #seen: (records: number) => void;

  /** `seen` is called now and then with the number of records so far. */
  constructor(removed: RemovedSites, seen: (records: number) => void) {
    this.removed = removed;
    this.#seen = seen;
  }

  get records(): number {
    return this.#records;
  }

  /** Each mask that occurred, with its number of records. */
  masks(): { readonly mask: number; readonly count: number }[] {
    return [...this.#counts.entries()]
      .filter(([, count]) => count > 0)
      .map(([mask, count]) => ({ mask, count }));
  }

  /** The function as the engine takes it. */
  asFunction(): ChunkFunction {
    return {
      name: TALLY,
      parameters: ["INTEGER", "INTEGER", "INTEGER", "INTEGER", "VARCHAR"],
      compute: (chunk, result) => this.#see(chunk, result),
    };
  }

  #see(chunk: FunctionChunk, result: Int32Array): void {
    const masks = chunk.integers(0);
    const codes = chunk.integers(1);
    const starts = chunk.integers(2);
    const ends = chunk.integers(3);
    for (let row = 0; row < chunk.rows; row += 1) {
      const mask = masks[row] ?? 0;
      this.#counts[mask] = (this.#counts[mask] ?? 0) + 1;
      const keep = isKept(mask);
      result[row] = keep ? 1 : 0;
      if (keep || factOf(mask, "skip") !== SKIP.no) continue;
      const code = codes[row] ?? -1;
      const contig = code >= 0 ? code : this.removed.codeOf(chunk.text(4, row) ?? "");
      this.removed.add(contig, starts[row] ?? 0, ends[row] ?? 0, mask);
    }
    this.#records += chunk.rows;
    this.#chunks += 1;
    if (this.#chunks % COUNT_EVERY === 0) this.#seen(this.#records);
  }
}
