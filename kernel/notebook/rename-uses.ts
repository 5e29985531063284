import { withInfo, withSource } from "./fence.ts";
import type { Block } from "./notebook.ts";
import { renameInJs } from "./rename-in-js.ts";
import { renameInSql } from "./rename-in-sql.ts";
import { renameInYaml } from "./rename-in-yaml.ts";

/** A `${…}` without braces of its own, but for one level: what a person writes into prose and SQL. */
const HOLE = /(?<!\\)\$\{((?:[^{}]|\{[^{}]*\})*)\}/g;
/** A tag of a template: `{{ … }}` or `{% … %}`. */
const TAG = /\{\{[^]*?\}\}|\{%[^]*?%\}/g;

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
  if (block.attributes["source"] !== from) return raw;
  return withInfo({ ...block, source, raw }, { ...block, attributes: { ...block.attributes, source: to } });
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
      return source.replaceAll(TAG, (tag) => renameInJs(tag, from, to));
    default:
      return renameInHoles(source, from, to);
  }
}

function renameInHoles(text: string, from: string, to: string): string {
  return text.replaceAll(HOLE, (_hole, code: string) => `\${${renameInJs(code, from, to)}}`);
}
