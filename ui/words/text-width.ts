/** Narrow and wide letters of Inter, and what they take at 11 px; the others take {@link PLAIN_PX}. */
const WIDTHS: readonly (readonly [letters: string, px: number])[] = [
  ["ijlI.,:|' ", 2.9],
  ["ft()/r", 4.2],
  ["_-s", 5.9],
  // As wide as one another, as tables set them.
  ["0123456789", 7.2],
  ["ABCDGHKNOQRSTUVXYZ", 7.6],
  ["mw≈…", 9.4],
  ["MW%", 10.5],
];
const PLAIN_PX = 6.7;
const MEASURED_AT_PX = 11;

const BY_LETTER: ReadonlyMap<string, number> = new Map(
  WIDTHS.flatMap(([letters, px]) => letters.split("").map((letter) => [letter, px] as const)),
);

/** Width of a line of interface text, near enough to size a box before it is drawn. */
export function textWidth(text: string, fontPx: number = MEASURED_AT_PX): number {
  const width = text.split("").reduce((sum, letter) => sum + (BY_LETTER.get(letter) ?? PLAIN_PX), 0);
  return (width * fontPx) / MEASURED_AT_PX;
}
