import { parseTemplate, partsOf } from "./template-syntax.ts";
import type { SyntaxNode } from "./template-syntax.ts";

/** What a template reads: the names it does not give itself, and the files it takes in. Each once, in order. */
export interface TemplateNames {
  readonly free: readonly string[];
  readonly files: readonly string[];
}

/** Names that every template has. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "caller",
  "cycler",
  "false",
  "joiner",
  "loop",
  "none",
  "null",
  "range",
  "super",
  "true",
  "undefined",
]);

/**
 * Looks at a template without running it. A name that is given anywhere in it (by `for`, `set`, a macro, an import)
 * is its own everywhere: to take a table's name for something else as well is not worth the confusion.
 *
 * @throws {Error} that says where, for what is no template and for a file whose name is computed: what a report is made
 * of must be known before it is made
 */
export function templateNames(name: string, text: string): TemplateNames {
  const used = new Set<string>();
  const own = new Set<string>(BUILT_IN);
  const files = new Set<string>();
  look(parseTemplate(name, text));
  return { free: [...used].filter((one) => !own.has(one)), files: [...files] };

  function look(node: SyntaxNode): void {
    switch (node.typename) {
      case "Symbol":
        used.add(textOf(node));
        return;
      case "For":
        give(node["name"]);
        return lookIn(node, ["arr", "body", "else_"]);
      case "Macro":
      case "Caller":
        give(node["name"]);
        for (const argument of partsOf(node["args"] as SyntaxNode)) giveArgument(argument);
        return lookIn(node, ["body"]);
      case "Set":
        for (const target of node["targets"] as SyntaxNode[]) give(target);
        return lookIn(node, ["value", "body"]);
      case "Import":
        give(node["target"]);
        return take(node);
      case "FromImport":
        for (const part of partsOf(node["names"] as SyntaxNode)) {
          give(part.typename === "Pair" ? part["value"] : part);
        }
        return take(node);
      case "Include":
      case "Extends":
        return take(node);
      case "Pair":
        return lookIn(node, ["value"]);
      case "Filter":
        return lookIn(node, ["args"]);
      case "Is": {
        const test = node["right"] as SyntaxNode;
        return test.typename === "FunCall"
          ? (lookIn(node, ["left"]), lookIn(test, ["args"]))
          : lookIn(node, ["left"]);
      }
      case "Block":
        return lookIn(node, ["body"]);
      default:
        for (const part of partsOf(node)) look(part);
    }
  }

  function lookIn(node: SyntaxNode, fields: readonly string[]): void {
    const inside = new Set(fields.map((field) => node[field]));
    for (const part of partsOf(node)) if (inside.has(part)) look(part);
  }

  function give(target: unknown): void {
    const node = target as SyntaxNode;
    if (node.typename === "Symbol") own.add(textOf(node));
    else for (const part of partsOf(node)) give(part);
  }

  /** An argument of a macro: a name, or names with their defaults. */
  function giveArgument(node: SyntaxNode): void {
    if (node.typename !== "KeywordArgs") return give(node);
    for (const pair of partsOf(node)) {
      give(pair["key"]);
      look(pair);
    }
  }

  function take(node: SyntaxNode): void {
    const file = node["template"] as SyntaxNode;
    if (file.typename === "Literal" && typeof file["value"] === "string") files.add(file["value"]);
    else {
      throw new Error(
        `(${name}) [Line ${node.lineno + 1}, Column ${node.colno + 1}]\n  the name of a template is computed: write it as a text`,
      );
    }
  }
}

function textOf(node: SyntaxNode): string {
  return String(node["value"]);
}
