/** Colours of code that is only read: a few token classes by language, good for the look of a cell, no parser. */

type TokenClass = "keyword" | "string" | "number" | "comment" | "plain";

export interface Token {
  readonly text: string;
  readonly class: TokenClass;
}

interface Grammar {
  /** Alternatives by class, tried at each place in this order. */
  readonly comment: string;
  readonly string: string;
  readonly keyword: string;
}

const NUMBER = String.raw`(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])`;
const QUOTED = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`;

const SQL_WORDS =
  "select from where and or not in is null as on join left right full inner outer cross using group by order having " +
  "limit with union all distinct case when then else end between like ilike exists over partition asc desc cast " +
  "qualify create replace table view filter lateral unnest true false";
const SCRIPT_WORDS =
  "const let var function return if else for of in while await async import export from new class extends this " +
  "true false null undefined typeof throw try catch finally yield switch case break continue interface type";

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  sql: {
    comment: String.raw`--[^\n]*|/\*[\s\S]*?\*/`,
    string: String.raw`'(?:[^']|'')*'|\$\{[^}]*\}`,
    keyword: words(SQL_WORDS),
  },
  yaml: {
    comment: String.raw`(?<=^|\s)#[^\n]*`,
    string: QUOTED,
    keyword: String.raw`(?<=^|[\n{,]|- )[ \t]*[\w.-]+(?=\s*:(?:\s|$))|\b(?:true|false|null)\b`,
  },
  script: {
    comment: String.raw`//[^\n]*|/\*[\s\S]*?\*/`,
    string: `${QUOTED}|\`(?:[^\`\\\\]|\\\\.)*\``,
    keyword: words(SCRIPT_WORDS),
  },
  template: {
    comment: String.raw`\{#[\s\S]*?#\}|<!--[\s\S]*?-->`,
    string: QUOTED,
    keyword: String.raw`\{[{%]-?|-?[%}]\}|</?[a-z][\w-]*`,
  },
};

const LANGUAGES: Readonly<Record<string, keyof typeof GRAMMARS>> = {
  sql: "sql",
  yaml: "yaml",
  json: "yaml",
  js: "script",
  ts: "script",
  input: "script",
  njk: "template",
  html: "template",
};

/** The text in pieces; joined they are the text again. */
export function highlight(source: string, language: string): Token[] {
  const grammar = GRAMMARS[LANGUAGES[language] ?? ""];
  if (grammar === undefined) return [{ text: source, class: "plain" }];
  const pattern = new RegExp(
    `(?<comment>${grammar.comment})|(?<string>${grammar.string})|(?<keyword>${grammar.keyword})|(?<number>${NUMBER})`,
    "gi",
  );
  const tokens: Token[] = [];
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (match.index > at) tokens.push({ text: source.slice(at, match.index), class: "plain" });
    tokens.push({ text: match[0], class: classOf(match.groups ?? {}) });
    at = match.index + match[0].length;
  }
  if (at < source.length) tokens.push({ text: source.slice(at), class: "plain" });
  return tokens;
}

function classOf(groups: Readonly<Record<string, string | undefined>>): TokenClass {
  for (const name of ["comment", "string", "keyword", "number"] as const) {
    if (groups[name] !== undefined) return name;
  }
  return "plain";
}

function words(list: string): string {
  return String.raw`\b(?:${list.split(" ").join("|")})\b`;
}
