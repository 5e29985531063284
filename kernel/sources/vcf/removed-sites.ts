import { quoteText } from "../../engines/engine.ts";
import type { ChunkFunction, Connection } from "../../engines/engine.ts";
import { foldContig } from "./contigs.ts";
import { presenceOf, rulesOf } from "./mask.ts";

/** Sites in one block of memory: 1 MiB. */
const BLOCK_ROWS = 1 << 16;
const FIELDS = ["contig", "start", "end", "mask"] as const;
const FIELD_FUNCTION = "vcf_removed";

/**
 * The sites of removed records, 16 bytes each, in memory until {@link write} makes a table of them: a filter that
 * removes ten million records holds 160 MB.
 */
export class RemovedSites {
  readonly #spellings: string[];
  readonly #codes = new Map<string, number>();
  readonly #blocks: Int32Array[] = [];
  /** Masks that occurred. */
  readonly #masks = new Set<number>();
  #rows = 0;

  /** `spellings`: the contigs by code; more are added as records bring them. */
  constructor(spellings: readonly string[]) {
    this.#spellings = [...spellings];
    for (const [code, spelling] of spellings.entries()) this.#codes.set(spelling, code);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The code of a contig that may be new. */
  codeOf(spelling: string): number {
    const known = this.#codes.get(spelling);
    if (known !== undefined) return known;
    const code = this.#spellings.push(spelling) - 1;
    this.#codes.set(spelling, code);
    return code;
  }

  add(contig: number, start: number, end: number, mask: number): void {
    const at = this.#rows % BLOCK_ROWS;
    if (at === 0) this.#blocks.push(new Int32Array(BLOCK_ROWS * FIELDS.length));
    const block = this.#blocks.at(-1);
    if (block === undefined) return;
    block[at] = contig;
    block[BLOCK_ROWS + at] = start;
    block[2 * BLOCK_ROWS + at] = end;
    block[3 * BLOCK_ROWS + at] = mask;
    this.#masks.add(mask);
    this.#rows += 1;
  }

  /** Writes the table `removed_sites`: the engine asks for the values by row number, so none becomes a text. */
  async write(connection: Connection, path: string, signal: AbortSignal): Promise<void> {
    for (const [field, name] of FIELDS.entries()) connection.define?.(this.#reader(field, name));
    const presences = namesByMask(this.#masks, (mask) => presenceOf(mask));
    const rules = namesByMask(this.#masks, (mask) => rulesOf(mask).join(","));
    const contigs = this.#spellings.map((name) => quoteText(foldContig(name))).join(",");
    await connection.run(
      `COPY (
        SELECT list_extract([${contigs}], contig + 1) AS chrom, "start", "end", ${presences} AS presence, ${rules} AS removed_by
        FROM (
          SELECT ${FIELD_FUNCTION}_contig(i) AS contig, ${FIELD_FUNCTION}_start(i)::UINTEGER AS "start",
            ${FIELD_FUNCTION}_end(i)::UINTEGER AS "end", ${FIELD_FUNCTION}_mask(i) AS mask
          FROM (SELECT range::INTEGER AS i FROM range(${this.#rows}))
        )
      ) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
      [],
      signal,
    );
  }

  #reader(field: number, name: string): ChunkFunction {
    return {
      name: `${FIELD_FUNCTION}_${name}`,
      parameters: ["INTEGER"],
      compute: (chunk, result) => {
        const numbers = chunk.integers(0);
        const first = numbers[0] ?? 0;
        if (numbers[chunk.rows - 1] !== first + chunk.rows - 1)
          throw new Error("row numbers do not count up by one");
        for (let done = 0; done < chunk.rows;) {
          const row = first + done;
          const at = row % BLOCK_ROWS;
          const count = Math.min(chunk.rows - done, BLOCK_ROWS - at);
          const start = field * BLOCK_ROWS + at;
          const block = this.#blocks[Math.floor(row / BLOCK_ROWS)];
          if (block !== undefined) result.set(block.subarray(start, start + count), done);
          done += count;
        }
      },
    };
  }
}

/** SQL that gives each of the few masks that occur its name. */
function namesByMask(masks: ReadonlySet<number>, name: (mask: number) => string | null): string {
  const cases = [...masks].map((mask) => {
    const text = name(mask);
    return `WHEN ${mask} THEN ${text === null ? "NULL" : quoteText(text)}`;
  });
  return cases.length === 0 ? "NULL::VARCHAR" : `(CASE mask ${cases.join(" ")} END)::VARCHAR`;
}
