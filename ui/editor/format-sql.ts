import { closingBrace } from "#graph/closing-brace.ts";

/** A word, sign, text or comment of SQL as it is written; `spaced`: white space stands before it. */
interface Token {
  readonly text: string;
  readonly spaced: boolean;
  /** A comment to the end of its line: something else can only follow on the next. */
  readonly endsLine: boolean;
}

/** What stands between brackets, or between `case` and `end`, is one thing to what is around it. */
interface Group {
  readonly open: Token;
  readonly items: readonly Item[];
  readonly close: Token | null;
}

type Item = Token | Group;

const WIDTH = 88;
const STEP = "  ";
const TOKEN =
  /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}_$][\p{L}\p{N}_$]*|\d[\d_.]*(?:e[+-]?\d+)?|::|<=|>=|<>|!=|\|\||->>?|=>|[^\s]/giu;
/** Words that begin a line of their own, the longest first. */
const CLAUSES = [
  ["union", "all"],
  ["group", "by"],
  ["order", "by"],
  ["select"],
  ["from"],
  ["where"],
  ["having"],
  ["qualify"],
  ["window"],
  ["limit"],
  ["offset"],
  ["union"],
  ["intersect"],
  ["except"],
  ["with"],
  ["values"],
] as const;
const JOIN_WORDS = new Set([
  "left",
  "right",
  "full",
  "inner",
  "outer",
  "cross",
  "anti",
  "semi",
  "asof",
  "natural",
]);
/** Clauses whose items, between commas, get lines of their own when they are many. */
const LISTS = new Set(["select", "group", "order", "with", "values", "window"]);

/** SQL with a line for each clause, and for each item of one that does not fit; nothing but white space is changed. */
export function formatSql(source: string): string {
  const tokens = tokensOf(source);
  const { items } = grouped(tokens, 0, null);
  return query(items, "");
}

/** A hole `${}` is one word, whatever it holds. */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  for (let at = 0; ;) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) return tokens;
    const { index } = match;
    const end = source.startsWith("${", index) ? closingBrace(source, index + 2) : -1;
    const text = end < 0 ? match[0] : source.slice(index, end + 1);
    const spaced = index > 0 && /\s/.test(source.charAt(index - 1));
    tokens.push({ text: text.trimEnd(), spaced, endsLine: text.startsWith("--") });
    at = index + text.length;
  }
}

/** The items from a token up to the one that closes what `open` opened. */
function grouped(
  tokens: readonly Token[],
  start: number,
  open: Token | null,
): { readonly items: readonly Item[]; readonly end: number } {
  const closing = open === null ? null : closerOf(open);
  const items: Item[] = [];
  let at = start;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined || (closing !== null && word(token) === closing)) break;
    if (closerOf(token) === null) {
      items.push(token);
      at++;
      continue;
    }
    const inner = grouped(tokens, at + 1, token);
    items.push({ open: token, items: inner.items, close: tokens[inner.end] ?? null });
    at = inner.end + 1;
  }
  return { items, end: at };
}

function closerOf(token: Token): string | null {
  return { "(": ")", "[": "]", "{": "}", case: "end" }[word(token)] ?? null;
}

function word(item: Item | undefined): string {
  return item === undefined || "items" in item ? "" : item.text.toLowerCase();
}

function query(items: readonly Item[], indent: string): string {
  return clausesOf(items)
    .map((clause) => indent + clauseText(clause, indent))
    .join("\n");
}

function clausesOf(items: readonly Item[]): Item[][] {
  const clauses: Item[][] = [];
  for (let at = 0; at < items.length;) {
    const length = clauseWords(items, at);
    const rest = items.slice(at, at + Math.max(1, length));
    if (length > 0 || clauses.length === 0) clauses.push([...rest]);
    else clauses.at(-1)?.push(...rest);
    at += rest.length;
  }
  return clauses;
}

/** How many words from here begin a clause; 0 when none does. `a.from` and a name of a column do not. */
function clauseWords(items: readonly Item[], at: number): number {
  if (word(items[at - 1]) === ".") return 0;
  for (const words of CLAUSES) {
    if (words.every((one, index) => word(items[at + index]) === one)) {
      // `is distinct from`, `extract(year from x)` (in brackets of their own).
      const within = words[0] === "from" && word(items[at - 1]) === "distinct";
      return within ? 0 : words.length;
    }
  }
  let end = at;
  while (JOIN_WORDS.has(word(items[end]))) end++;
  return word(items[end]) === "join" ? end - at + 1 : 0;
}

function clauseText(clause: readonly Item[], indent: string): string {
  const flat = line(clause, indent);
  if (!flat.includes("\n") && indent.length + flat.length <= WIDTH) return flat;
  const head = Math.max(1, clauseWords(clause, 0));
  const body = clause.slice(head);
  const first = word(clause[0]);
  const begin = line(clause.slice(0, head), indent);
  if (LISTS.has(first)) {
    const parts = splitAt(body, (at) => word(body[at - 1]) === ",");
    if (parts.length < 2) return flat;
    return [begin, ...parts.map((part) => indent + STEP + line(part, indent + STEP))].join("\n");
  }
  const parts = splitAt(body, (at) => isConnective(body, at));
  if (parts.length < 2) return flat;
  const [condition = [], ...more] = parts;
  return [
    line([...clause.slice(0, head), ...condition], indent),
    ...more.map((part) => indent + STEP + line(part, indent + STEP)),
  ].join("\n");
}

/** The `and` of a `between` belongs to it. */
function isConnective(items: readonly Item[], at: number): boolean {
  const own = word(items[at]);
  if (own !== "and" && own !== "or") return false;
  const before = items.slice(0, at).map((item) => word(item));
  const between = before.lastIndexOf("between");
  return own === "or" || between < 0 || before.slice(between).includes("and");
}

function splitAt(items: readonly Item[], isStart: (at: number) => boolean): Item[][] {
  const parts: Item[][] = [];
  for (const [at, item] of items.entries()) {
    if (at === 0 || isStart(at)) parts.push([]);
    parts.at(-1)?.push(item);
  }
  return parts;
}

/** Items beside one another, with the spaces that they had; a query in brackets stands on lines of its own. */
function line(items: readonly Item[], indent: string): string {
  let text = "";
  let endsLine = false;
  const put = (piece: string, spaced: boolean): void => {
    const gap = endsLine ? `\n${indent}${STEP}` : spaced && text !== "" ? " " : "";
    text += gap + piece;
  };
  let comma = false;
  for (const item of items) {
    if ("items" in item) {
      put(groupText(item, indent), item.open.spaced || comma);
      endsLine = false;
    } else {
      put(item.text, item.text !== "," && (item.spaced || comma));
      ({ endsLine } = item);
    }
    comma = word(item) === ",";
  }
  return text;
}

function groupText({ open, items, close }: Group, indent: string): string {
  const closing = close?.text ?? "";
  const isQuery = open.text === "(" && ["select", "with"].includes(word(items[0]));
  if (isQuery) return `${open.text}\n${query(items, indent + STEP)}\n${indent}${closing}`;
  const inner = line(items, indent);
  const last = items.at(-1);
  const broken = last !== undefined && !("items" in last) && last.endsLine ? `\n${indent}` : "";
  const [first] = items;
  const lead = spacedOf(first) ? " " : "";
  const tail = broken === "" && close?.spaced === true ? " " : broken;
  return `${open.text}${lead}${inner}${tail}${closing}`;
}

function spacedOf(item: Item | undefined): boolean {
  return item !== undefined && ("items" in item ? item.open.spaced : item.spaced);
}
