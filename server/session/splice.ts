/** One stretch of a text that became another: enough to go from the old text to the new one and back. */
export interface Splice {
  /** UTF-16 units before it. */
  readonly at: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The shortest single stretch in which two texts differ. */
export function spliceBetween(before: string, after: string): Splice {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before.charCodeAt(at) === after.charCodeAt(at)) at++;
  let tail = 0;
  while (
    tail < shorter - at &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return {
    at,
    removed: before.slice(at, before.length - tail),
    inserted: after.slice(at, after.length - tail),
  };
}

/** @throws {RangeError} when the text is not the one that the splice was made from */
export function forward(text: string, { at, removed, inserted }: Splice): string {
  return replaced(text, at, removed, inserted);
}

/** @throws {RangeError} as {@link forward} */
export function backward(text: string, { at, removed, inserted }: Splice): string {
  return replaced(text, at, inserted, removed);
}

function replaced(text: string, at: number, from: string, to: string): string {
  if (!text.startsWith(from, at)) throw new RangeError("a splice of another text");
  return text.slice(0, at) + to + text.slice(at + from.length);
}
