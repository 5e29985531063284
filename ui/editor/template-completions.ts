import type { AssetView } from "#protocol/view.ts";

import type { Completion, CompletionGround, CompletionKind } from "./completions.ts";
import { columnsOf, tableNames } from "./completions.ts";
import { FILTERS, NUNJUCKS_FILTERS, TAGS, membersOf } from "./report-context.ts";
import type { Member, Thing } from "./report-context.ts";

/** What an expression of a template is: rows of a table, a thing of the context, or a list of either. */
interface Meaning {
  readonly list: boolean;
  readonly of: { readonly table: AssetView } | { readonly thing: Thing };
}

/** What can stand at the caret of a `njk … report` cell: tables and their columns, the context, filters and tags. */
export function templateCompletions(before: string, ground: CompletionGround): Completion[] {
  const opened = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  const inside = opened < 0 ? "" : before.slice(opened);
  if (opened < 0 || /\}\}|%\}/.test(inside) || inText(inside)) return [];
  const lead = inside.replace(/\w*$/, "");
  if (/^\{%-?\s*$/.test(lead)) return worded(TAGS, "keyword", 0, (_, insert) => insert);
  if (/\|\s*$/.test(lead)) {
    return [...worded(FILTERS, "function", 0), ...worded(NUNJUCKS_FILTERS, "function", 1)];
  }
  const path = /((?:\w+\.)+)$/.exec(lead)?.[1];
  const names = namesIn(before.slice(0, opened), ground);
  if (path !== undefined) return membersAt(path.slice(0, -1).split("."), names, ground);
  const facts = [...membersOf("facts"), ...(hasContext(ground) ? membersOf("context") : [])];
  return [
    ...[...names.keys()].map((name) => completion(name, "cell", "given above", 0)),
    ...tableNames(ground).map((table) => ({ ...table, rank: 1 })),
    ...facts.map((member) => ofMember(member, 2)),
    ...["in", "and", "or", "not", "is", "if", "else"].map((word) => completion(word, "keyword", "", 3)),
  ];
}

/** Names that loops and `set` above the caret give, and what they mean; null where that is not known. */
function namesIn(text: string, ground: CompletionGround): Map<string, Meaning | null> {
  const names = new Map<string, Meaning | null>();
  const given = /\{%-?\s*(?:for\s+(\w+)\s+in\s+([\w.]+)|set\s+(\w+)\s*=\s*([\w.]+)\s*-?%\}|endfor\b)/g;
  const loops: string[] = [];
  for (const [, item, list, name, value] of text.matchAll(given)) {
    if (item !== undefined && list !== undefined) {
      const meaning = meaningOf(list.split("."), names, ground);
      names.set(item, meaning === null ? null : { ...meaning, list: false });
      loops.push(item);
    } else if (name !== undefined && value !== undefined) {
      names.set(name, meaningOf(value.split("."), names, ground));
    } else names.delete(loops.pop() ?? "");
  }
  if (loops.length > 0) names.set("loop", { list: false, of: { thing: "loop" } });
  return names;
}

function membersAt(
  path: readonly string[],
  names: ReadonlyMap<string, Meaning | null>,
  ground: CompletionGround,
): Completion[] {
  const meaning = meaningOf(path, names, ground);
  if (meaning === null) return [];
  if (meaning.list) return [completion("length", "field", "how many", 0)];
  return "table" in meaning.of
    ? columnsOf(ground.assets, [meaning.of.table.key])
    : membersOf(meaning.of.thing).map((member) => ofMember(member, 0));
}

function meaningOf(
  [first = "", ...rest]: readonly string[],
  names: ReadonlyMap<string, Meaning | null>,
  ground: CompletionGround,
): Meaning | null {
  const own = names.get(first);
  const table = ground.assets.find(({ key, output }) => key === first && output === "table");
  let meaning =
    own === undefined
      ? table === undefined
        ? meaningOfMember(first, [...membersOf("facts"), ...(hasContext(ground) ? membersOf("context") : [])])
        : { list: true, of: { table } }
      : own;
  for (const name of rest) {
    if (meaning === null || meaning.list || "table" in meaning.of) return null;
    meaning = meaningOfMember(name, membersOf(meaning.of.thing));
  }
  return meaning;
}

function meaningOfMember(name: string, members: readonly Member[]): Meaning | null {
  const member = members.find((one) => one.name === name);
  return member?.thing == null ? null : { list: member.list, of: { thing: member.thing } };
}

/** A cell with `annotations=NAME` has the whole context of the shipped report. */
function hasContext({ cells, cell }: CompletionGround): boolean {
  return (cells.find(({ id }) => id === cell)?.attributes["annotations"] ?? "") !== "";
}

function inText(inside: string): boolean {
  return /["']/.test(inside.replace(/"[^"]*"|'[^']*'/g, ""));
}

function ofMember({ name, list, thing }: Member, rank: number): Completion {
  const what = thing?.replaceAll("_", " ") ?? "";
  return completion(name, "field", list ? `list ${what === "" ? "" : `of ${what}`}`.trim() : what, rank);
}

function worded(
  words: Readonly<Record<string, string>>,
  kind: CompletionKind,
  rank: number,
  insert: (label: string, words: string) => string = (label) => label,
): Completion[] {
  return Object.entries(words).map(([label, text]) => ({
    label,
    kind,
    detail: kind === "keyword" ? "" : text,
    insert: insert(label, text),
    rank,
  }));
}

function completion(label: string, kind: CompletionKind, detail: string, rank: number): Completion {
  return { label, kind, detail, insert: label, rank };
}
