import { SEMICOLON, byteAt, find, isDigit } from "./text";

/** `rs` as a number, the first letter in its lowest byte. */
const RS: u16 = 0x7372;
/** What tells two small letters from capitals. */
const SMALL: u16 = 0x2020;

/**
 * Whether ID, or one of the IDs that semicolons separate, begins with `rs`. Those of dbSNP are written so in place,
 * whatever the case: RS429358 is rs429358.
 */
export function foldRsids(start: usize, end: usize): bool {
  let found = false;
  for (let at = start; at + 2 < end; at = find(SEMICOLON, at, end) + 1) {
    const letters = load<u16>(at);
    if (letters !== RS) {
      if ((letters | SMALL) !== RS || !isDigit(byteAt(at + 2))) continue;
      store<u16>(at, RS);
    }
    found = true;
  }
  return found;
}
