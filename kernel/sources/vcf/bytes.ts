/** Bytes that mean something in a VCF. */
export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const STAR = 0x2a;
export const BAR = 0x7c;

/** Whether `bytes[start … end)` is this text. */
export function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = end - start;
  if (length !== text.length) return false;
  for (let i = 0; i < length; i += 1) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** Whether `bytes[start … end)` is a single dot or nothing. */
export function isMissing(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || (end - start === 1 && bytes[start] === DOT);
}

/** Below 0, 0 or above 0: how the texts `[aStart … aEnd)` and `[bStart … bEnd)` are ordered, byte by byte. */
export function compareTexts(
  bytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < length; i += 1) {
    const difference = (bytes[aStart + i] ?? 0) - (bytes[bStart + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}
