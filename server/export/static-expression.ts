import type {
  CallExpression,
  Expression,
  MemberExpression,
  PrivateIdentifier,
  SpreadElement,
  Super,
  TemplateLiteral,
} from "acorn";

/** In place of a value that the text alone does not tell. */
export const NOT_KNOWN: unique symbol = Symbol("not known");

type Lookup = (name: string) => unknown;

/**
 * The value of an expression of literals, lists, names, comparisons and arithmetic; {@link NOT_KNOWN} for one with
 * anything else in it. It calls nothing and reads no property but the length of a list, so no code of a notebook runs.
 */
export function evaluated(
  node: Expression | SpreadElement | PrivateIdentifier | Super,
  lookup: Lookup,
): unknown {
  if (node.type === "Literal") {
    return node.regex === undefined && node.bigint === undefined ? node.value : NOT_KNOWN;
  }
  if (node.type === "Identifier") return node.name === "undefined" ? null : lookup(node.name);
  if (node.type === "ParenthesizedExpression") return evaluated(node.expression, lookup);
  if (node.type === "ArrayExpression") {
    const items = node.elements.map((item) => (item === null ? NOT_KNOWN : evaluated(item, lookup)));
    return items.includes(NOT_KNOWN) ? NOT_KNOWN : items;
  }
  if (node.type === "TemplateLiteral") return filled(node, lookup);
  if (node.type === "UnaryExpression") return changed(node.operator, evaluated(node.argument, lookup));
  if (node.type === "BinaryExpression") {
    return combined(node.operator, evaluated(node.left, lookup), evaluated(node.right, lookup));
  }
  if (node.type === "ConditionalExpression") {
    const test = evaluated(node.test, lookup);
    return test === NOT_KNOWN ? NOT_KNOWN : evaluated(test ? node.consequent : node.alternate, lookup);
  }
  if (node.type === "MemberExpression") return lengthOf(node, lookup);
  return node.type === "CallExpression" && isOfNothing(node, lookup) ? [] : NOT_KNOWN;
}

/** What gives a list with something for each item of another, or for some of them. */
const EACH: ReadonlySet<string> = new Set(["map", "flatMap", "filter", "slice", "toSorted", "toReversed"]);

/** Whether it is a list made from the items of one that has none: whatever it would call for each, it calls nothing. */
function isOfNothing({ callee, arguments: [first] }: CallExpression, lookup: Lookup): boolean {
  if (callee.type !== "MemberExpression") return false;
  const { object } = callee;
  const name = propertyOf(callee);
  const isFrom = name === "from" && object.type === "Identifier" && object.name === "Array";
  const list = isFrom ? first : object;
  if (list === undefined || !(isFrom || EACH.has(name ?? ""))) return false;
  const items = evaluated(list, lookup);
  return Array.isArray(items) && items.length === 0;
}

function lengthOf(node: MemberExpression, lookup: Lookup): unknown {
  if (propertyOf(node) !== "length") return NOT_KNOWN;
  const list = evaluated(node.object, lookup);
  return Array.isArray(list) ? list.length : NOT_KNOWN;
}

function propertyOf({ computed, property }: MemberExpression): string | null {
  return !computed && property.type === "Identifier" ? property.name : null;
}

function filled({ quasis, expressions }: TemplateLiteral, lookup: Lookup): unknown {
  let text = quasis[0]?.value.cooked ?? "";
  for (const [at, expression] of expressions.entries()) {
    const value = evaluated(expression, lookup);
    if (typeof value !== "string" && typeof value !== "number") return NOT_KNOWN;
    text += `${value}${quasis[at + 1]?.value.cooked ?? ""}`;
  }
  return text;
}

function changed(operator: string, value: unknown): unknown {
  if (value === NOT_KNOWN) return NOT_KNOWN;
  if (operator === "!") return !value;
  if (typeof value !== "number") return NOT_KNOWN;
  return operator === "-" ? -value : operator === "+" ? value : NOT_KNOWN;
}

function combined(operator: string, a: unknown, b: unknown): unknown {
  if (operator === "===" || operator === "!==") {
    const isPlain = [a, b].every((one) => one === null || /^(?:string|number|boolean)$/.test(typeof one));
    return isPlain ? (a === b) === (operator === "===") : NOT_KNOWN;
  }
  if (operator === "+" && typeof a === "string" && typeof b === "string") return a + b;
  if (typeof a !== "number" || typeof b !== "number") return NOT_KNOWN;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "**":
      return a ** b;
    case "%":
      return a % b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    default:
      return NOT_KNOWN;
  }
}
