/** A place in a text: line and column count from 1, columns in UTF-16 code units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The place of the character at a 0-based index. */
export function placeOf(text: string, index: number): TextPlace {
  const before = text.slice(0, index);
  return { line: before.split("\n").length, column: index - before.lastIndexOf("\n") };
}

/** The 0-based index of the character at a place. */
export function indexOf(text: string, { line, column }: TextPlace): number {
  const before = text.split("\n").slice(0, line - 1);
  return before.reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
}
