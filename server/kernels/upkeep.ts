import type { Progress } from "#protocol/record.ts";

/** What a kernel makes for later look-ups: one thing at a time, and nobody waits for it. */
export class Upkeep {
  readonly #changed: () => void;
  #words: string | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** What is made, in words; null when nothing, empty while that is not known. */
  get words(): string | null {
    return this.#words;
  }

  /** Begins `work`, unless something is made already. What it fails with is nobody's matter. */
  begin(work: (progress: (progress: Progress) => void) => Promise<unknown>): void {
    if (this.#words !== null) return;
    this.#words = "";
    work(({ phase, fraction }) => {
      this.#tell(`${phase}${fraction === undefined ? "" : `, ${Math.floor(fraction * 100)} %`}`);
    })
      .catch(() => null)
      .finally(() => this.#tell(null));
  }

  #tell(words: string | null): void {
    this.#words = words;
    this.#changed();
  }
}
