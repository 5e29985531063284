import { closingBrace } from "#graph/closing-brace.ts";

/** After one of these a slash divides; after anything else it begins a regular expression. */
const ENDS_VALUE = /[\w$)\]}"'`]$/;
/** Words after which a value follows all the same. */
const WANTS_VALUE = /(?:^|[^\w$.])(?:return|typeof|case|in|of|void|delete|throw|new|await|yield)$/;
const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;

/** Whether a word is no variable, by what stands before it (without comments and trailing space) and after it. */
export type Kept = (before: string, after: string) => boolean;

/**
 * Renames a variable in JavaScript or TypeScript. Properties (`a.name`), keys (`{name: 1}`, `{name() {}}`), strings,
 * comments, regular expressions and what `kept` says stay; `{name}` becomes `{name: to}`.
 */
export function renameInJs(source: string, from: string, to: string, kept: Kept = () => false): string {
  let out = "";
  let code = "";
  let at = 0;
  const open: string[] = [];
  while (at < source.length) {
    const length = skipped(source, at, code) || word(source, at);
    const token = source.slice(at, at + Math.max(1, length));
    const next = source.slice(at + token.length);
    const before = code.trimEnd();
    let written = token;
    if (token.startsWith("`")) written = template(token, from, to);
    else if (token === from && isVariable(before, next, open) && !kept(before, next))
      written = shorthand(before, next, open) ? `${from}: ${to}` : to;
    out += written;
    if (!/^\/[/*]/.test(token)) code += written;
    if ("([{".includes(token)) open.push(token);
    else if (")]}".includes(token)) open.pop();
    at += token.length;
  }
  return out;
}

/** Length of the string, template, comment or regular expression that starts here; 0 when none does. */
function skipped(source: string, at: number, before: string): number {
  const character = source[at] ?? "";
  if (character === '"' || character === "'") return quoted(source, at, character);
  if (character === "`") return templateLength(source, at);
  if (source.startsWith("//", at)) return lengthTo(source, at, "\n", 0);
  if (source.startsWith("/*", at)) return lengthTo(source, at, "*/", 2);
  if (character !== "/") return 0;
  const code = before.trimEnd();
  if (ENDS_VALUE.test(code) && !WANTS_VALUE.test(code)) return 0;
  return /^\/(?:[^/\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+\/\w*/.exec(source.slice(at))?.[0].length ?? 0;
}

function quoted(source: string, at: number, quote: string): number {
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === "\\") end++;
    else if (source[end] === quote || source[end] === "\n") return end + 1 - at;
  }
  return source.length - at;
}

function templateLength(source: string, at: number): number {
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === "\\") end++;
    else if (source[end] === "`") return end + 1 - at;
    else if (source.startsWith("${", end)) end += 2 + holeLength(source, end + 2);
  }
  return source.length - at;
}

function lengthTo(source: string, at: number, end: string, more: number): number {
  const found = source.indexOf(end, at + 2);
  return found < 0 ? source.length - at : found + more - at;
}

function word(source: string, at: number): number {
  IDENTIFIER.lastIndex = at;
  return IDENTIFIER.exec(source)?.[0].length ?? 0;
}

/** The code in the `${}` of a template is renamed, its text is not. */
function template(token: string, from: string, to: string): string {
  let out = "";
  for (let at = 0; at < token.length;) {
    if (token[at] === "\\") {
      out += token.slice(at, at + 2);
      at += 2;
    } else if (token.startsWith("${", at)) {
      const length = holeLength(token, at + 2);
      out += `\${${renameInJs(token.slice(at + 2, at + 2 + length), from, to)}`;
      at += 2 + length;
    } else out += token[at++];
  }
  return out;
}

/** Characters up to the brace that closes a `${`. */
function holeLength(source: string, at: number): number {
  const end = closingBrace(source, at);
  return (end < 0 ? source.length : end) - at;
}

function isVariable(code: string, after: string, open: readonly string[]): boolean {
  if (/(?:^|[^.])\.$/.test(code) || code.endsWith("?.") || code.endsWith("#")) return false;
  // A key: in braces, a colon, and nothing that makes it the middle of `a ? name : b`; or the name of a method.
  const isFirst = open.at(-1) === "{" && /[{,;}]$/.test(code);
  return !(isFirst && /^\s*(?:\??:(?!:)|\([^()]*\)\s*\{)/.test(after));
}

function shorthand(code: string, after: string, open: readonly string[]): boolean {
  return open.at(-1) === "{" && /[{,]$/.test(code) && /^\s*[,}]/.test(after);
}
