import { Float64, Type, makeData } from "apache-arrow";
import type { Data, Decimal } from "apache-arrow";

/**
 * Decimals as numbers, each the nearest one; anything else as it is. Arrow gives a decimal as the words of its digits,
 * without its point; DuckDB has them for `1.5`, and for a sum of integers.
 */
export function decimalsAsNumbers(data: Data): Data {
  return isDecimal(data) ? numbers(data) : data;
}

function isDecimal(data: Data): data is Data<Decimal> {
  return data.typeId === Type.Decimal;
}

function numbers({ type, offset, length, nullCount, nullBitmap, values }: Data<Decimal>): Data {
  const words = type.bitWidth / 32;
  const data = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    data[row] = numberOf(values, words * row, words * (row + 1), type.scale);
  }
  return makeData({ type: new Float64(), offset, length, nullCount, nullBitmap, data });
}

/** Words are 32 bits, the least significant first, in two's complement. */
function numberOf(words: Uint32Array, first: number, end: number, scale: number): number {
  let digits = BigInt((words[end - 1] ?? 0) | 0);
  for (let at = end - 2; at >= first; at--) digits = (digits << 32n) | BigInt(words[at] ?? 0);
  // Read as text: a division would round a second time.
  return Number(`${digits}e-${scale}`);
}
