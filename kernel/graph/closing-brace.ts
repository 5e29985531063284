/** After one of these, or at the start, a `/` opens a regular expression; after anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[([{,;=:?!&|+\-*/%~^<>]|\b(?:return|typeof|case|in|of|new|delete|void|await|yield))$/;

/**
 * Index of the `}` that ends the JavaScript which starts at `start`; -1: there is none. Strings, templates with
 * their own `${}`, comments, regular expressions and inner braces are passed over.
 */
export function closingBrace(source: string, start: number): number {
  for (let at = start, depth = 0; at < source.length;) {
    const character = source[at];
    if (character === "}" && depth === 0) return at;
    if (character === "{") depth++;
    if (character === "}") depth--;
    const end = passed(source, at, start);
    if (end < 0) return -1;
    at = end;
  }
  return -1;
}

/** Index after the string, template, comment, expression or single character that starts at `at`; -1: it has no end. */
function passed(source: string, at: number, start: number): number {
  const character = source[at];
  if (character === "'" || character === '"') return afterDelimited(source, at + 1, character);
  if (character === "`") return afterTemplate(source, at + 1);
  if (source.startsWith("//", at)) return source.indexOf("\n", at);
  if (source.startsWith("/*", at)) {
    const end = source.indexOf("*/", at + 2);
    return end < 0 ? -1 : end + 2;
  }
  if (character === "/" && BEFORE_REGEX.test(source.slice(start, at).trimEnd()))
    return afterRegex(source, at + 1);
  return at + 1;
}

function afterDelimited(source: string, from: number, delimiter: string): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === delimiter) return at + 1;
    else if (source[at] === "\n") return -1;
  }
  return -1;
}

function afterTemplate(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return at + 1;
    else if (source.startsWith("${", at)) {
      const end = closingBrace(source, at + 2);
      if (end < 0) return -1;
      at = end;
    }
  }
  return -1;
}

/** A `/` in brackets does not end it. */
function afterRegex(source: string, from: number): number {
  let inClass = false;
  for (let at = from; at < source.length && source[at] !== "\n"; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") inClass = true;
    else if (source[at] === "]") inClass = false;
    else if (source[at] === "/" && !inClass) return at + 1;
  }
  return -1;
}
