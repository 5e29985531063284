import type { Contig } from "./contig-names.ts";

/** Whether rows come in order: positions that go on, contig by contig. */
export class RowOrder {
  /** Rows that lie behind the row before them, and returns to a contig after another. */
  backward = 0;
  /** Contigs in the order in which they came. */
  readonly contigs: Set<string> = new Set();
  #contig = "";
  #position = 0;

  /** Counts the next row. */
  isBehind({ name }: Contig, position: number): boolean {
    const same = name === this.#contig;
    const behind = same ? position < this.#position : this.contigs.has(name);
    if (!same) this.contigs.add(name);
    this.#contig = name;
    this.#position = position;
    if (behind) this.backward += 1;
    return behind;
  }
}
