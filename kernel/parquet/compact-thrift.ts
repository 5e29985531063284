/** A value of Thrift's compact protocol, with its type: what is not understood is kept as it is. */
export type Thrift =
  | { readonly type: 1 | 2 }
  | { readonly type: 3 | 4 | 5 | 6; readonly value: bigint }
  | { readonly type: 7; readonly bytes: Uint8Array }
  | { readonly type: 8; readonly bytes: Uint8Array }
  | { readonly type: 9 | 10; readonly element: number; readonly items: readonly Thrift[] }
  | { readonly type: 12; readonly fields: ThriftFields };

export type ThriftFields = ReadonlyMap<number, Thrift>;

const [TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12,
] as const;
/** A list that is longer says so in a number of its own. */
const SHORT_LIST = 15;
/** A field whose number is further from the one before has it written out. */
const LONGEST_STEP = 15;

/**
 * Reads one struct: Thrift's compact protocol, as in the footer of a Parquet file
 * (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Maps do not occur there.
 *
 * @throws {Error} when the bytes are no such struct
 */
export function readStruct(bytes: Uint8Array): ThriftFields {
  return new Reader(bytes).struct();
}

export function writeStruct(fields: ThriftFields): Buffer {
  const writer = new Writer();
  writer.struct(fields);
  return writer.bytes();
}

/** An i64, for a field that is set anew. */
export function integer(value: bigint, type: 4 | 5 | 6 = I64): Thrift {
  return { type, value };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(): ThriftFields {
    const fields = new Map<number, Thrift>();
    for (let id = 0; ;) {
      const head = this.#byte();
      if (head === 0) return fields;
      const step = head >> 4;
      id = step === 0 ? Number(unzigzag(this.#varint())) : id + step;
      const type = head & 15;
      fields.set(id, type === TRUE || type === FALSE ? { type } : this.#value(type));
    }
  }

  #value(type: number): Thrift {
    switch (type) {
      case TRUE:
      case FALSE:
        return { type: this.#byte() === TRUE ? TRUE : FALSE };
      case BYTE:
        return { type, value: BigInt(this.#byte()) };
      case I16:
      case I32:
      case I64:
        return { type, value: unzigzag(this.#varint()) };
      case DOUBLE:
        return { type, bytes: this.#take(8) };
      case BINARY:
        return { type, bytes: this.#take(Number(this.#varint())) };
      case LIST:
      case SET: {
        const head = this.#byte();
        const short = head >> 4;
        const count = short === SHORT_LIST ? Number(this.#varint()) : short;
        const element = head & 15;
        return { type, element, items: Array.from({ length: count }, () => this.#value(element)) };
      }
      case STRUCT:
        return { type, fields: this.struct() };
      default:
        throw new Error(`unknown Thrift type ${type}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error("Thrift ends too early");
    return byte;
  }

  #take(length: number): Uint8Array {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new Error("Thrift ends too early");
    return this.#bytes.subarray(from, this.#at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
}

class Writer {
  readonly #parts: number[] = [];

  bytes(): Buffer {
    return Buffer.from(this.#parts);
  }

  struct(fields: ThriftFields): void {
    let last = 0;
    for (const [id, value] of [...fields].toSorted(([a], [b]) => a - b)) {
      const step = id - last;
      if (step > 0 && step <= LONGEST_STEP) this.#parts.push((step << 4) | value.type);
      else {
        this.#parts.push(value.type);
        this.#varint(zigzag(BigInt(id)));
      }
      last = id;
      if (value.type !== TRUE && value.type !== FALSE) this.#value(value);
    }
    this.#parts.push(0);
  }

  #value(value: Thrift): void {
    switch (value.type) {
      case TRUE:
      case FALSE:
        this.#parts.push(value.type);
        break;
      case BYTE:
        this.#parts.push(Number(value.value) & 0xff);
        break;
      case I16:
      case I32:
      case I64:
        this.#varint(zigzag(value.value));
        break;
      case DOUBLE:
        this.#append(value.bytes);
        break;
      case BINARY:
        this.#varint(BigInt(value.bytes.length));
        this.#append(value.bytes);
        break;
      case LIST:
      case SET: {
        const { length } = value.items;
        this.#parts.push((Math.min(length, SHORT_LIST) << 4) | value.element);
        if (length >= SHORT_LIST) this.#varint(BigInt(length));
        for (const item of value.items) this.#value(item);
        break;
      }
      case STRUCT:
        this.struct(value.fields);
        break;
    }
  }

  #append(bytes: Uint8Array): void {
    for (const byte of bytes) this.#parts.push(byte);
  }

  #varint(value: bigint): void {
    for (let left = value; ; left >>= 7n) {
      if (left < 0x80n) {
        this.#parts.push(Number(left));
        return;
      }
      this.#parts.push(Number(left & 0x7fn) | 0x80);
    }
  }
}

function zigzag(value: bigint): bigint {
  return value >= 0n ? value << 1n : (-value << 1n) - 1n;
}

function unzigzag(value: bigint): bigint {
  return (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
}
