/** How well a text answers a query: the letters of the query in their order, the nearer and the earlier the better. */
export interface Match {
  readonly score: number;
  /** Indices of the letters that matched, ascending. */
  readonly at: readonly number[];
}

/** Null when a letter of the query is missing; an empty query matches everything alike. */
export function fuzzy(query: string, text: string): Match | null {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const within = text.toLowerCase();
  if (wanted === "") return { score: 0, at: [] };
  const whole = within.indexOf(wanted);
  if (whole >= 0) {
    const start = startsWord(text, whole);
    return {
      score: 100 + (start ? 50 : 0) + (whole === 0 ? 25 : 0) - text.length / 100,
      at: Array.from(wanted, (_, index) => whole + index),
    };
  }
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    const found = nextAt(text, within, letter, from);
    if (found < 0) return null;
    const near = at.length > 0 && found === from;
    score += near ? 6 : startsWord(text, found) ? 5 : 1;
    at.push(found);
    from = found + 1;
  }
  return { score: score - text.length / 100, at };
}

/** The letter at the start of a word if one follows, else the next one. */
function nextAt(text: string, within: string, letter: string, from: number): number {
  const next = within.indexOf(letter, from);
  if (next < 0 || next === from) return next;
  for (let at = next; at >= 0; at = within.indexOf(letter, at + 1)) if (startsWord(text, at)) return at;
  return next;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[^A-Za-z0-9]/.test(text[at - 1] ?? "");
}
