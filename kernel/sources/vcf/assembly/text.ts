/** Bytes that mean something in a VCF. */
export const TAB: i32 = 0x09;
export const NEWLINE: i32 = 0x0a;
export const RETURN: i32 = 0x0d;
export const HASH: i32 = 0x23;
export const STAR: i32 = 0x2a;
export const PLUS: i32 = 0x2b;
export const COMMA: i32 = 0x2c;
export const MINUS: i32 = 0x2d;
export const DOT: i32 = 0x2e;
export const SLASH: i32 = 0x2f;
export const ZERO: i32 = 0x30;
export const ONE: i32 = 0x31;
export const NINE: i32 = 0x39;
export const COLON: i32 = 0x3a;
export const SEMICOLON: i32 = 0x3b;
export const LESS: i32 = 0x3c;
export const EQUALS: i32 = 0x3d;
export const OPEN: i32 = 0x5b;
export const CLOSE: i32 = 0x5d;
export const BAR: i32 = 0x7c;

const LOWER_A: i32 = 0x61;
const LOWER_Z: i32 = 0x7a;
const TO_LOWER: i32 = 0x20;

/** The byte at a place. */
export function byteAt(at: usize): i32 {
  return load<u8>(at);
}

export function isDigit(byte: i32): bool {
  return byte >= ZERO && byte <= NINE;
}

/** The up to eight bytes of a text as one number, zeros behind its end. */
export function word(start: usize, length: usize): u64 {
  return length === 0 ? 0 : load<u64>(start) & (~(0 as u64) >> (64 - ((length as u64) << 3)));
}

/** Whether the text `[start … end)` is `length` bytes at `text`. */
export function isText(start: usize, end: usize, text: usize, length: usize): bool {
  if (end - start !== length) return false;
  let left = length;
  for (let offset: usize = 0; left >= 8; offset += 8, left -= 8) {
    if (load<u64>(start + offset) !== load<u64>(text + offset)) return false;
  }
  const rest = length - left;
  return word(start + rest, left) === word(text + rest, left);
}

/** Whether a text is a single dot or nothing. */
export function isMissing(start: usize, end: usize): bool {
  return start === end || (end - start === 1 && byteAt(start) === DOT);
}

/** Below 0, 0 or above 0: how two texts are ordered, byte by byte. */
export function compare(a: usize, aEnd: usize, b: usize, bEnd: usize): i32 {
  const aLength = aEnd - a;
  const bLength = bEnd - b;
  const difference = memory.compare(a, b, min(aLength, bLength));
  return difference !== 0 ? difference : (aLength as i32) - (bLength as i32);
}

/** A letter of ASCII in lower case; what is no capital becomes something that is no letter, or stays. */
export function lower(byte: i32): i32 {
  return byte | TO_LOWER;
}

/** Writes the letters of alleles in upper case, in place; what a breakend names between brackets is a contig. */
export function raise(start: usize, end: usize): void {
  for (let at = start; at < end; at += 1) {
    const byte = byteAt(at);
    if (byte < OPEN) continue;
    if (byte >= LOWER_A && byte <= LOWER_Z) store<u8>(at, byte - TO_LOWER);
    else if (byte === OPEN || byte === CLOSE) at = find(byte, at + 1, end);
  }
}

/** Which of the sixteen bytes from `at` on are tabs or line ends, a bit each. */
export function columnEnds(at: usize): i32 {
  const bytes = v128.load(at);
  return i8x16.bitmask(
    v128.or(i8x16.eq(bytes, i8x16.splat(TAB as i8)), i8x16.eq(bytes, i8x16.splat(NEWLINE as i8))),
  );
}

/** The first line end from `at` on. */
export function lineEnd(at: usize): usize {
  const newline = i8x16.splat(NEWLINE as i8);
  let found = 0;
  for (; found === 0; at += 16) found = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
  return at - 16 + ctz(found);
}

/** The first `byte` in `[start … end)`, else `end`. */
export function find(byte: i32, start: usize, end: usize): usize {
  const wanted = i8x16.splat(byte as i8);
  for (let at = start; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (found !== 0) return min(at + ctz(found), end);
  }
  return end;
}
