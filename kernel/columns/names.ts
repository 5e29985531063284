import { Validity } from "./validity.ts";

/** Texts out of a few that are known beforehand, 255 at the most: `codes` holds places in `names`. */
export class NameColumn {
  readonly kind = "names";
  readonly names: readonly string[];
  readonly codes: Uint8Array;
  readonly validity: Validity;

  constructor(names: readonly string[], capacity: number) {
    this.names = names;
    this.codes = new Uint8Array(capacity);
    this.validity = new Validity(capacity);
  }

  setNull(row: number): void {
    this.codes[row] = 0;
    this.validity.setNull(row);
  }

  reset(): void {
    this.validity.reset();
  }
}
