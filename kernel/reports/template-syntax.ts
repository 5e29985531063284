import nunjucks from "nunjucks";

/** A node of a template's syntax tree: nunjucks' own, of which its types say nothing. */
export interface SyntaxNode {
  readonly typename: string;
  /** 0-based. */
  readonly lineno: number;
  readonly colno: number;
  readonly fields: readonly string[];
  readonly [field: string]: unknown;
}

interface NunjucksParser {
  readonly parser: {
    parse(source: string, extensions: readonly unknown[], options: object): SyntaxNode;
  };
}

const { parser } = nunjucks as unknown as NunjucksParser;

/** Tags on a line of their own leave no blank line. */
export const WHITESPACE = { trimBlocks: true, lstripBlocks: true } as const;

/** @throws {Error} that says where as nunjucks does: `(file) [Line 3, Column 5]` */
export function parseTemplate(name: string, text: string): SyntaxNode {
  try {
    return parser.parse(text, [], WHITESPACE);
  } catch (error) {
    const { message, lineno } = error as Error & { readonly lineno?: number };
    // Without a line the parser ran off the end: the last line is where something was left open.
    throw new Error(`(${name}) [Line ${lineno ?? text.trimEnd().split("\n").length}]\n  ${message}`, {
      cause: error,
    });
  }
}

/** The nodes below a node, in their order. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  // The text between `{% set x %}` and `{% endset %}` is in a field that nunjucks does not list.
  return [...new Set([...node.fields, "body"])].flatMap((field) => {
    const value = node[field];
    return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one) => isNode(one));
  });
}

/** Every node of a tree. */
export function* nodesOf(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const part of partsOf(node)) yield* nodesOf(part);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "typename" in value && "fields" in value;
}
