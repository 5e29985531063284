import { Utf8 } from "apache-arrow";
import type { DataType } from "apache-arrow";

import { bitAt } from "./bitmap.ts";
import type { Body, ColumnWriter } from "./column.ts";
import { Strings } from "./strings.ts";
import { PlainTextWriter } from "./text.ts";
import type { VectorView } from "./vector-view.ts";

const encoder = new TextEncoder();

/** The text of each row of a vector; empty where the row is null. */
export type Render = (view: VectorView, from: number, count: number) => string[];

/** A type that Arrow has no counterpart for, as the text that casting it to VARCHAR gives. */
export class RenderedWriter implements ColumnWriter {
  readonly #plain: PlainTextWriter;
  readonly #render: Render;

  constructor(render: Render) {
    this.#render = render;
    this.#plain = new PlainTextWriter(new Utf8(), new Strings());
  }

  get type(): DataType {
    return this.#plain.type;
  }

  get rows(): number {
    return this.#plain.rows;
  }

  get bytes(): number {
    return this.#plain.bytes;
  }

  append(view: VectorView, from: number, count: number): void {
    const texts = this.#render(view, from, count).map((text) => encoder.encode(text));
    this.#plain.appendTexts(view, from, count, texts);
  }

  write(body: Body): void {
    this.#plain.write(body);
  }

  clear(): void {
    this.#plain.clear();
  }
}

/** UUID: a 128-bit number whose highest bit is turned round, so that it sorts as the text does. */
export const uuid: Render = numbers(16, (data, at) => {
  const low = data.getBigUint64(at, true);
  const high = data.getBigUint64(at + 8, true) ^ (1n << 63n);
  const hex = high.toString(16).padStart(16, "0") + low.toString(16).padStart(16, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
});

/** TIME WITH TIME ZONE: 40 bits of microseconds, then 24 of `57599 - offset`, the offset in seconds. */
export const timeTz: Render = numbers(8, (data, at) => {
  const bits = data.getBigUint64(at, true);
  const micros = Number(bits >> 24n);
  const offset = 57_599 - Number(bits & 0xff_ffffn);
  const seconds = Math.floor(micros / 1e6);
  const fraction = micros % 1e6;
  const shown = fraction === 0 ? "" : `.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
  return `${clock(seconds, true)}${shown}${offset < 0 ? "-" : "+"}${clock(Math.abs(offset), false)}`;
});

/** BIT: the first byte says how many of the highest bits of the second are unused. */
export const bit: Render = blobs((bytes) => {
  let text = "";
  for (const byte of bytes.subarray(1)) text += byte.toString(2).padStart(8, "0");
  return text.slice(bytes[0] ?? 0);
});

/** BIGNUM: three bytes of header, then the number, highest byte first; all bits are turned round if negative. */
export const bignum: Render = blobs((bytes) => {
  const isNegative = ((bytes[0] ?? 0) & 0x80) === 0;
  let hex = "0x0";
  for (const byte of bytes.subarray(3))
    hex += (isNegative ? byte ^ 0xff : byte).toString(16).padStart(2, "0");
  return `${isNegative ? "-" : ""}${BigInt(hex)}`;
});

function numbers(width: number, text: (data: DataView, at: number) => string): Render {
  return (view, from, count) => {
    const bytes = view.data(width);
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return present(view, from, count, (i) => text(data, (from + i) * width));
  };
}

function blobs(text: (bytes: Uint8Array) => string): Render {
  const strings = new Strings();
  return (view, from, count) => {
    strings.load(view, from, count);
    return present(view, from, count, (i) => text(strings.text(i)));
  };
}

function present(view: VectorView, from: number, count: number, text: (index: number) => string): string[] {
  const validity = view.validity();
  return Array.from({ length: count }, (_, i) =>
    validity === null || bitAt(validity, from + i) ? text(i) : "",
  );
}

/** Hours, minutes and seconds; of an offset, minutes and seconds only where there are some. */
function clock(seconds: number, whole: boolean): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = whole || parts[2] !== 0 ? 3 : parts[1] === 0 ? 1 : 2;
  return parts
    .slice(0, shown)
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
