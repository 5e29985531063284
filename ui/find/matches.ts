/** Finding and replacing in the texts of all cells. Pure. */

export interface Search {
  readonly text: string;
  /** Whether capitals count. */
  readonly exact: boolean;
  /** Whether the text is a regular expression. */
  readonly pattern: boolean;
}

/** A place in a cell's text: UTF-16 units. */
export interface Match {
  readonly cell: string;
  readonly at: number;
}

/** A cell's text as a person edits it. */
export interface Searched {
  readonly id: string;
  readonly text: string;
}

/** More are not shown; replacing takes them all. */
const MOST = 5_000;

/** What a search looks for; null while it is none, or no regular expression. */
export function patternOf({ text, exact, pattern }: Search): RegExp | null {
  if (text === "") return null;
  try {
    const source = pattern ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
    return new RegExp(source, exact ? "gm" : "gim");
  } catch {
    return null;
  }
}

/** Every match, in the order of the notebook; a pattern that matches nothing at a place matches not. */
export function matchesOf(cells: readonly Searched[], search: Search): Match[] {
  const pattern = patternOf(search);
  if (pattern === null) return [];
  const found: Match[] = [];
  for (const { id, text } of cells) {
    for (const match of text.matchAll(pattern)) {
      if (match[0] === "") continue;
      found.push({ cell: id, at: match.index });
      if (found.length === MOST) return found;
    }
  }
  return found;
}

/** A text with every match replaced, or only the one that begins at `at`. In a pattern's replacement `$1` is a group. */
export function replaced(text: string, search: Search, by: string, at: number | null = null): string {
  const pattern = patternOf(search);
  if (pattern === null) return text;
  return text.replace(pattern, (whole: string, ...rest: unknown[]) => {
    const place = rest.find((one) => typeof one === "number") ?? 0;
    if (whole === "" || (at !== null && place !== at)) return whole;
    if (!search.pattern) return by;
    const groups = rest.slice(0, rest.indexOf(place)).map((one) => (typeof one === "string" ? one : ""));
    return by.replace(/\$(\d|\$)/g, (all, name: string) =>
      name === "$" ? "$" : name === "0" ? whole : (groups[Number(name) - 1] ?? all),
    );
  });
}
