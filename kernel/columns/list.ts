import type { ColumnData } from "./column-data.ts";
import type { DictionaryColumn } from "./dictionary.ts";
import type { FixedColumn } from "./fixed.ts";
import type { TextColumn } from "./text.ts";
import { memory } from "./memory.ts";
import { Validity } from "./validity.ts";

/** What a list is of. */
type Element = FixedColumn | TextColumn | DictionaryColumn;

/**
 * Lists of values. The elements of all rows lie in `child` one after the other; a row is `begin`, then elements
 * written at `length` of the child and counted with `length += 1`, then `end`.
 */
export class ListColumn<Child extends Element = Element> {
  readonly kind = "list";
  readonly child: Child;
  readonly validity: Validity;
  /** Place of the first element of each row, and one more place: that of the end. Null rows have no elements. */
  readonly starts: Uint32Array;
  /** Elements so far. */
  length = 0;

  constructor(child: Child, capacity: number) {
    this.child = child;
    this.starts = new Uint32Array(memory((capacity + 1) * Uint32Array.BYTES_PER_ELEMENT));
    this.validity = new Validity(capacity);
  }

  /** Makes room for `elements` more. */
  begin(elements: number): void {
    this.child.reserve(this.length + elements);
  }

  end(row: number): void {
    this.starts[row + 1] = this.length;
  }

  setNull(row: number): void {
    this.validity.setNull(row);
    this.starts[row + 1] = this.length;
  }

  data(): ColumnData {
    const { kind, starts, child, validity } = this;
    return { kind, starts, child: child.data(), validity: validity.data() };
  }

  reset(): void {
    this.validity.reset();
    this.child.reset();
    this.length = 0;
  }
}
