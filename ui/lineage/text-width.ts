/** Narrow and wide letters of Inter, and what they take at 11 px; the others take {@link PLAIN_PX}. */
const WIDTHS: readonly (readonly [letters: string, px: number])[] = [
  ["ijl.,:|'", 2.9],
  ["ft()/r", 4.2],
  ["_-s", 5.9],
  ["mw", 9.4],
  ["MW", 10],
];
const PLAIN_PX = 6.7;

const BY_LETTER: ReadonlyMap<string, number> = new Map(
  WIDTHS.flatMap(([letters, px]) => letters.split("").map((letter) => [letter, px] as const)),
);

/** Width of a line of interface text at 11 px, near enough to size a box before it is drawn. */
export function textWidth(text: string): number {
  return text.split("").reduce((sum, letter) => sum + (BY_LETTER.get(letter) ?? PLAIN_PX), 0);
}
