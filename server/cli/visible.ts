/** Control characters but the end of a line and the tab, and marks that hide or turn around what stands beside them. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text as a terminal may be given it: names and values of files come from others, and an escape sequence in one would
 * be obeyed. What is not seen is written out, as `⟨U+001B⟩`.
 */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${hex}⟩`;
  });
}
