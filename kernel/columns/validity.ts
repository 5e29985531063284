import type { ValidityData } from "./column-data.ts";
import { memory } from "./memory.ts";

const ALL = 0xff;

/** Which rows of a column have a value: one bit a row, set where there is one. */
export class Validity {
  /** Rows that have none. */
  nulls = 0;
  bits: Uint8Array;

  constructor(capacity: number) {
    this.bits = new Uint8Array(memory(Math.ceil(capacity / 8))).fill(ALL);
  }

  setNull(row: number): void {
    const at = row >> 3;
    this.bits[at] = (this.bits[at] ?? 0) & ~(1 << (row & 7));
    this.nulls += 1;
  }

  grow(capacity: number): void {
    const larger = new Uint8Array(memory(Math.ceil(capacity / 8))).fill(ALL);
    larger.set(this.bits);
    this.bits = larger;
  }

  data(): ValidityData {
    return { nulls: this.nulls, bits: this.bits };
  }

  reset(): void {
    if (this.nulls > 0) this.bits.fill(ALL);
    this.nulls = 0;
  }
}

export function isNull({ bits }: ValidityData, row: number): boolean {
  return ((bits[row >> 3] ?? 0) & (1 << (row & 7))) === 0;
}
