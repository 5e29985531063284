import { inspect } from "node:util";

/** Lines that are kept of what a script writes; what is beyond is counted. */
const MOST_LINES = 200;
const LINE_CHARACTERS = 500;
/** Lines that are told while the script runs. */
const TAIL_LINES = 20;

/** The console of a script: what it writes is kept with the record of the run, not printed anywhere. */
export class ScriptConsole {
  readonly #lines: string[] = [];
  readonly #tail: string[] = [];
  readonly #wrote: (tail: readonly string[]) => void;
  #more = 0;

  /** `wrote` is told of the last lines whenever there are new ones. */
  constructor(wrote: (tail: readonly string[]) => void = () => {}) {
    this.#wrote = wrote;
  }

  log = (...values: readonly unknown[]): void => this.#write("", values);
  info = (...values: readonly unknown[]): void => this.#write("", values);
  debug = (...values: readonly unknown[]): void => this.#write("", values);
  warn = (...values: readonly unknown[]): void => this.#write("warning: ", values);
  error = (...values: readonly unknown[]): void => this.#write("error: ", values);

  get lines(): readonly string[] {
    return this.#more === 0 ? this.#lines : [...this.#lines, `… and ${this.#more} more`];
  }

  #write(prefix: string, values: readonly unknown[]): void {
    const words = values.map((value) => (typeof value === "string" ? value : inspect(value, { depth: 3 })));
    for (const line of `${prefix}${words.join(" ")}`.split("\n")) {
      const shown = line.slice(0, LINE_CHARACTERS);
      if (this.#lines.length < MOST_LINES) this.#lines.push(shown);
      else this.#more++;
      this.#tail.push(shown);
    }
    this.#tail.splice(0, this.#tail.length - TAIL_LINES);
    this.#wrote([...this.#tail]);
  }
}
