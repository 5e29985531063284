import { isText } from "./bytes.ts";
import { foldContig } from "./contigs.ts";

/** A contig of the file, by its folded name. */
export interface Contig {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Place in the order in which contigs first occurred. */
  readonly place: number;
}

/** Contigs as records name them: two spellings of one contig give the same object. */
export class ContigNames {
  readonly #bySpelling = new Map<string, Contig>();
  readonly #byName = new Map<string, Contig>();
  #lastSpelling: Uint8Array = new Uint8Array(0);
  #last: Contig | null = null;

  /** The contig that `bytes[start … end)` spells. */
  at(bytes: Buffer, start: number, end: number): Contig {
    if (this.#last !== null && isText(bytes, start, end, this.#lastSpelling)) return this.#last;
    const spelling = bytes.toString("utf8", start, end);
    const found = this.#bySpelling.get(spelling) ?? this.#named(spelling);
    this.#lastSpelling = Uint8Array.prototype.slice.call(bytes, start, end);
    this.#last = found;
    return found;
  }

  #named(spelling: string): Contig {
    const name = foldContig(spelling);
    const contig = this.#byName.get(name) ?? {
      name,
      bytes: Buffer.from(name),
      place: this.#byName.size,
    };
    this.#byName.set(name, contig);
    this.#bySpelling.set(spelling, contig);
    return contig;
  }
}
