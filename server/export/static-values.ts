import { parse, parseExpressionAt } from "acorn";
import type { AnyNode, Expression, ObjectExpression } from "acorn";

import { holes } from "#graph/template-holes.ts";
import type { QueryValue } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

import { NOT_KNOWN, evaluated } from "./static-expression.ts";

const ACORN = { ecmaVersion: "latest", allowAwaitOutsideFunction: true } as const;

/**
 * What the `${}` of a live cell are when its inputs stand where their cells put them, as far as that can be read off
 * the text: literals, the defaults of `Inputs`, and sums of those. Nothing is run. Null when it cannot.
 */
export function staticValues(cell: CellView, cells: readonly CellView[]): readonly QueryValue[] | null {
  const seen = new Set<string>();
  const lookup = (name: string): unknown => {
    if (seen.has(name)) return NOT_KNOWN;
    seen.add(name);
    const value = valueOf(name, cells, lookup);
    seen.delete(name);
    return value;
  };
  const values = holes(cell.source).expressions.map(({ text }) => {
    const expression = parsed(text);
    const value = expression === null ? NOT_KNOWN : evaluated(expression, lookup);
    return queryValue(value);
  });
  return values.includes(undefined) ? null : values.filter((value) => value !== undefined);
}

function valueOf(name: string, cells: readonly CellView[], lookup: (name: string) => unknown): unknown {
  for (const { language, source, name: own } of cells) {
    if (language === "input" && own === name) {
      const expression = parsed(source);
      return expression === null ? NOT_KNOWN : inputDefault(expression, lookup);
    }
    if (language !== "js") continue;
    const expression = own === name ? parsed(source) : declared(source, name);
    if (expression !== null) return viewed(expression, lookup) ?? evaluated(expression, lookup);
  }
  return NOT_KNOWN;
}

/** What the input of a `view(…)` stands at; undefined for anything else. */
function viewed(node: Expression, lookup: (name: string) => unknown): unknown {
  if (node.type !== "CallExpression" || !isNamed(node.callee, "view")) return undefined;
  const [input] = node.arguments;
  return input === undefined || input.type === "SpreadElement" ? NOT_KNOWN : inputDefault(input, lookup);
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

/** What an input stands at when it is made, by the rules of Observable Inputs; no row of a table is chosen then. */
function inputDefault(node: Expression, lookup: (name: string) => unknown): unknown {
  if (node.type !== "CallExpression") return NOT_KNOWN;
  if (isNamed(node.callee, "selection")) return [];
  if (node.callee.type !== "MemberExpression") return NOT_KNOWN;
  const { object, property } = node.callee;
  if (object.type !== "Identifier" || object.name !== "Inputs" || property.type !== "Identifier")
    return NOT_KNOWN;
  const [first, second] = node.arguments;
  const isOptionsFirst = first?.type === "ObjectExpression" || first === undefined;
  const options = isOptionsFirst ? first : second;
  const data = isOptionsFirst || first.type === "SpreadElement" ? [] : evaluated(first, lookup);
  if (options !== undefined && options.type !== "ObjectExpression") return NOT_KNOWN;
  const option = (name: string): unknown => optionOf(options, name, lookup);
  // What an item stands for is then another thing than the item.
  if (option("valueof") !== undefined) return NOT_KNOWN;
  const value = option("value");
  switch (property.name) {
    case "range":
    case "number":
      return value === undefined ? middle(data, option("step")) : value;
    case "select":
    case "radio":
    case "checkbox": {
      if (value !== undefined) return value;
      const several = property.name === "checkbox" || option("multiple") !== undefined;
      if (several) return [];
      if (property.name === "radio") return null;
      return Array.isArray(data) ? (data[0] as unknown) : NOT_KNOWN;
    }
    case "toggle":
      return value ?? false;
    case "text":
    case "textarea":
      return value ?? "";
    default:
      return NOT_KNOWN;
  }
}

/** Where a slider stands that was given no value: in the middle, at a whole number of steps. */
function middle(range: unknown, step: unknown): unknown {
  if (!Array.isArray(range) || range.length !== 2) return NOT_KNOWN;
  const [least, most] = range as readonly unknown[];
  if (typeof least !== "number" || typeof most !== "number") return NOT_KNOWN;
  const value = (least + most) / 2;
  if (step === undefined) return value;
  return typeof step === "number" && step > 0 ? least + Math.round((value - least) / step) * step : NOT_KNOWN;
}

function optionOf(
  options: ObjectExpression | undefined,
  name: string,
  lookup: (name: string) => unknown,
): unknown {
  for (const property of options?.properties ?? []) {
    if (property.type === "SpreadElement") return NOT_KNOWN;
    const key = property.key.type === "Identifier" ? property.key.name : null;
    if (key === name) return evaluated(property.value, lookup);
  }
  return undefined;
}

/** An expression that is all there is; null for anything else. */
function parsed(text: string): Expression | null {
  try {
    const source = text.trim().replace(/;$/, "");
    const node = parseExpressionAt(source, 0, ACORN);
    return node.end === source.length ? node : null;
  } catch {
    return null;
  }
}

/** What a script's own `const name = …` is; null when it declares no such name. */
function declared(source: string, name: string): Expression | null {
  if (!source.includes(name)) return null;
  try {
    for (const statement of parse(source, { ...ACORN, sourceType: "module" }).body as AnyNode[]) {
      if (statement.type !== "VariableDeclaration" || statement.kind !== "const") continue;
      const found = statement.declarations.find(({ id }) => id.type === "Identifier" && id.name === name);
      if (found?.init != null) return found.init;
    }
  } catch {
    // A cell that cannot be parsed gives nothing.
  }
  return null;
}

/** Undefined for what cannot be bound. */
function queryValue(value: unknown): QueryValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? value : Number.isNaN(value) ? null : undefined;
  const isList = Array.isArray(value) && value.every((item) => /^(?:string|number)$/.test(typeof item));
  return isList ? (value as QueryValue) : undefined;
}
