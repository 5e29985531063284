import { decimal } from "./host";
import { DOT, MINUS, PLUS, ZERO, byteAt, isMissing, lower } from "./text";

/** Stands for a number that is missing: no text spells it here. */
export const NO_INTEGER: i32 = i32.MIN_VALUE;
/** Letters of `nan`. */
const N: i32 = 0x6e;
const A: i32 = 0x61;
const LONGEST_INTEGER: usize = 10;
/** Decimal digits that a double holds exactly, as an integer: a quotient of two such numbers is rounded once. */
const EXACT_DIGITS: usize = 15;
const POWERS_OF_TEN: StaticArray<f64> = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/** The integer that a text spells in decimal digits, without its sign at most 2³¹ − 1; else {@link NO_INTEGER}. */
export function integerAt(start: usize, end: usize): i32 {
  let at = start;
  const negative = byteAt(at) === MINUS;
  if (negative) at += 1;
  if (at >= end || end - at > LONGEST_INTEGER) return NO_INTEGER;
  let value: i64 = 0;
  for (; at < end; at += 1) {
    const digit = byteAt(at) - ZERO;
    if ((digit as u32) > 9) return NO_INTEGER;
    value = value * 10 + digit;
  }
  if (value > (i32.MAX_VALUE as i64)) return NO_INTEGER;
  return (negative ? -value : value) as i32;
}

/**
 * As {@link integerAt}; of a number that is spelled with a fraction, such as 12.0, the whole part. What writes depths that
 * way are programs to which each number is a decimal one.
 */
export function wholePartAt(start: usize, end: usize): i32 {
  const value = integerAt(start, end);
  return value !== NO_INTEGER || isMissing(start, end) ? value : wholePart(decimalAt(start, end));
}

/** As {@link wholePartAt}, where nothing but zeros is behind the dot: what has another fraction is no integer. */
export function integralAt(start: usize, end: usize): i32 {
  const value = integerAt(start, end);
  if (value !== NO_INTEGER || isMissing(start, end)) return value;
  const number = decimalAt(start, end);
  return Math.trunc(number) === number ? wholePart(number) : NO_INTEGER;
}

function wholePart(number: f64): i32 {
  return abs(number) <= (i32.MAX_VALUE as f64) ? (number as i32) : NO_INTEGER;
}

/** As {@link integerAt}, for a POS: no sign, and no zero in front. */
export function positionAt(start: usize, end: usize): i32 {
  const first = byteAt(start);
  if (first === MINUS || (first === ZERO && end - start > 1)) return NO_INTEGER;
  return integerAt(start, end);
}

/**
 * The number that a text spells, `inf` too; NaN when it spells none, or `nan`. What stands behind the text is neither a
 * digit nor a dot.
 */
export function decimalAt(start: usize, end: usize): f64 {
  const negative = byteAt(start) === MINUS;
  const first = negative ? start + 1 : start;
  let at = first;
  let value: u64 = 0;
  let digit: u32 = byteAt(at) - ZERO;
  for (; digit <= 9; digit = byteAt(at) - ZERO) {
    value = value * 10 + digit;
    at += 1;
  }
  let digits = at - first;
  let behindDot: usize = 0;
  if (byteAt(at) === DOT) {
    at += 1;
    const dot = at;
    for (digit = byteAt(at) - ZERO; digit <= 9; digit = byteAt(at) - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    behindDot = at - dot;
    digits += behindDot;
  }
  if (at !== end || digits === 0 || digits > EXACT_DIGITS) {
    return isMissing(start, end) ? NaN : decimal(start, end);
  }
  let number = value as f64;
  if (behindDot > 0) number /= unchecked(POWERS_OF_TEN[behindDot as i32]);
  return negative ? -number : number;
}

/** Whether a text is `nan` in letters of any case, with a sign or without. */
export function isNanText(start: usize, end: usize): bool {
  const first = byteAt(start);
  const at = first === PLUS || first === MINUS ? start + 1 : start;
  return (
    end - at === 3 && lower(byteAt(at)) === N && lower(byteAt(at + 1)) === A && lower(byteAt(at + 2)) === N
  );
}
