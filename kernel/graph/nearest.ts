/** The candidate most like `text`, for "did you mean"; null when none is near (more than a third differs). */
export function nearest<Name extends string>(text: string, candidates: Iterable<Name>): Name | null {
  let best: Name | null = null;
  let least = Math.floor(text.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Hint for a name that is not there: the one that was probably meant, else `otherwise`. */
export function nearHint(text: string, candidates: Iterable<string>, otherwise: string): string {
  const near = nearest(text, candidates);
  return near === null ? otherwise : `Write ${near} if that is what you mean.`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
