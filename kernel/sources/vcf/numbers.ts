import { DOT, MINUS, NINE, ZERO } from "./bytes.ts";

const MOST_INTEGER = 2 ** 31 - 1;
/** Decimal digits that a double holds exactly, as an integer: a quotient of two such numbers is rounded once. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, index) => 10 ** index);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;

/** The 32-bit integer that `bytes[start … end)` spells in decimal digits; NaN when it spells none. */
export function integerAt(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let value = 0;
  let at = negative ? start + 1 : start;
  if (at >= end || end - at > 10) return Number.NaN;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return Number.NaN;
    value = value * 10 + (byte - ZERO);
  }
  if (value > MOST_INTEGER) return Number.NaN;
  return negative ? -value : value;
}

/** As {@link integerAt}, for a POS: no sign, and no zero in front. */
export function positionAt(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start];
  if (first === MINUS || (first === ZERO && end - start > 1)) return Number.NaN;
  return integerAt(bytes, start, end);
}

/** The number that `bytes[start … end)` spells, `inf` too; NaN when it spells none, or `nan`. */
export function decimalAt(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS;
  let digits = 0;
  let behindDot = -1;
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      value = value * 10 + (byte - ZERO);
      digits += 1;
      if (behindDot >= 0) behindDot += 1;
    } else if (byte === DOT && behindDot < 0) behindDot = 0;
    else return unusualDecimal(bytes.toString("latin1", start, end));
  }
  if (digits === 0 || digits > EXACT_DIGITS) return unusualDecimal(bytes.toString("latin1", start, end));
  if (behindDot > 0) value /= POWERS_OF_TEN[behindDot] ?? Number.NaN;
  return negative ? -value : value;
}

function unusualDecimal(text: string): number {
  if (DECIMAL.test(text)) return Number(text);
  const infinite = INFINITE.exec(text);
  if (infinite === null) return Number.NaN;
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
