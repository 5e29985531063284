import { withInfo, withSource } from "./fence.ts";
import type { Block } from "./notebook.ts";
import { renameInJs } from "./rename-in-js.ts";
import { renameInSql } from "./rename-in-sql.ts";
import { renameInYaml } from "./rename-in-yaml.ts";

/** A `${…}` without braces of its own, but for one level: what a person writes into prose and SQL. */
const HOLE = /(?<!\\)\$\{((?:[^{}]|\{[^{}]*\})*)\}/g;
/** What stands in a tag of a template: `{{ … }}` or `{% … %}`. Its braces are none of an object. */
const IN_TAG = /(?<=\{\{)[^]*?(?=\}\})|(?<=\{%)[^]*?(?=%\})/g;

/**
 * The raw text of a block in which a cell's name is another: names of tables in SQL, values in YAML, variables in
 * JavaScript, in `${}` and in the tags of a template.
 *
 * Read without the grammar of the language, so: a column or an alias of the same name in SQL, and a variable of the
 * same name that a function in JavaScript declares for itself, are renamed with it.
 */
export function renameUses(block: Block, from: string, to: string): string {
  if (block.type === "prose") return renameInHoles(block.raw, from, to);
  const source = renamedSource(block.language, block.source, from, to);
  const raw = source === block.source ? block.raw : withSource(block, source);
  const attributes = renamedAttributes(block.attributes, from, to);
  if (attributes === null) return raw;
  return withInfo({ ...block, source, raw }, { ...block, attributes });
}

/** Attributes that name cells: one each, or a list of them. */
const ONE_NAME = ["source", "annotations"];
const NAMES = "tables";

/** Null when none of them names the cell. */
function renamedAttributes(
  attributes: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Readonly<Record<string, string>> | null {
  const renamed = Object.entries(attributes).map(([key, value]): [string, string] => {
    if (ONE_NAME.includes(key)) return [key, value === from ? to : value];
    if (key !== NAMES) return [key, value];
    return [key, value.replaceAll(/[^\s,]+/g, (name) => (name === from ? to : name))];
  });
  const changed = renamed.some(([key, value]) => attributes[key] !== value);
  return changed ? Object.fromEntries(renamed) : null;
}

function renamedSource(language: string, source: string, from: string, to: string): string {
  switch (language) {
    case "sql":
      return renameInSql(source, from, to, (code) => renameInJs(code, from, to));
    case "yaml":
      return renameInYaml(source, from, to);
    case "js":
    case "ts":
    case "input":
      return renameInJs(source, from, to);
    case "njk":
      return source.replaceAll(IN_TAG, (code) => renameInJs(code, from, to, isOfTemplate));
    default:
      return renameInHoles(source, from, to);
  }
}

/** Filters, tests and names of arguments in a tag of a template, which are no tables. */
function isOfTemplate(before: string, after: string): boolean {
  return /(?:\||\bis|\bis not)$/.test(before) || (/[(,]$/.test(before) && /^\s*=(?!=)/.test(after));
}

function renameInHoles(text: string, from: string, to: string): string {
  return text.replaceAll(HOLE, (_hole, code: string) => `\${${renameInJs(code, from, to)}}`);
}
