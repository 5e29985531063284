import type { ColumnData, FixedType } from "./column-data.ts";
import { memory } from "./memory.ts";
import { Validity } from "./validity.ts";

/** Array behind each type of fixed width, by the engine's name of the type. */
interface Arrays extends Record<FixedType, unknown> {
  INTEGER: Int32Array;
  UINTEGER: Uint32Array;
  FLOAT: Float32Array;
  DOUBLE: Float64Array;
  /** 0 or 1. */
  BOOLEAN: Uint8Array;
}

interface ArrayOf<Values> {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): Values;
}

const ARRAYS: { readonly [Type in keyof Arrays]: ArrayOf<Arrays[Type]> } = {
  INTEGER: Int32Array,
  UINTEGER: Uint32Array,
  FLOAT: Float32Array,
  DOUBLE: Float64Array,
  BOOLEAN: Uint8Array,
};

/** Numbers or truth values. Writers put values into `values` themselves; what a null row holds is of no matter. */
export class FixedColumn<Type extends FixedType = FixedType> {
  readonly kind = "fixed";
  readonly type: Type;
  readonly validity: Validity;
  values: Arrays[Type];

  constructor(type: Type, capacity: number) {
    this.type = type;
    this.values = made(type, capacity);
    this.validity = new Validity(capacity);
  }

  setNull(row: number): void {
    this.validity.setNull(row);
  }

  /** Makes room for rows below `capacity`. `values` is another array after it. */
  reserve(capacity: number): void {
    if (capacity <= this.values.length) return;
    const larger = made(this.type, capacity * 2);
    larger.set(this.values);
    this.values = larger;
    this.validity.grow(capacity * 2);
  }

  data(): ColumnData {
    return { kind: this.kind, type: this.type, values: this.values, validity: this.validity.data() };
  }

  reset(): void {
    this.validity.reset();
  }
}

function made<Type extends FixedType>(type: Type, capacity: number): Arrays[Type] {
  const { [type]: Values } = ARRAYS;
  return new Values(memory(capacity * Values.BYTES_PER_ELEMENT));
}
