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
    this.#rows += 1;
  }

  /** Writes the table `removed_sites`: the engine asks for the values by row number, so none becomes a text. */
  async write(connection: Connection, path: string, signal: AbortSignal): Promise<void> {
    for (const [field, name] of FIELDS.entries()) connection.define?.(this.#reader(field, name));
    const presences = namesByMask(this.#masks(), (mask) => presenceOf(mask));
    const rules = namesByMask(this.#masks(), (mask) => rulesOf(mask).join(","));
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
        const rows = chunk.integers(0);
        for (let index = 0; index < chunk.rows; index += 1) {
          const row = rows[index] ?? 0;
          const block = this.#blocks[Math.floor(row / BLOCK_ROWS)];
          result[index] = block?.[field * BLOCK_ROWS + (row % BLOCK_ROWS)] ?? 0;
        }
      },
    };
  }

  #masks(): Set<number> {
    const masks = new Set<number>();
    for (let row = 0; row < this.#rows; row += 1) {
      masks.add(this.#blocks[Math.floor(row / BLOCK_ROWS)]?.[3 * BLOCK_ROWS + (row % BLOCK_ROWS)] ?? 0);
    }
    return masks;
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
