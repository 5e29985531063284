import { parse, parseExpressionAt, tokenizer } from "acorn";
import type { Expression, Options, Program } from "acorn";

import { WorkspaceError } from "#protocol/error.ts";

import { spanAt } from "./source-error.ts";

const OPTIONS: Options = { ecmaVersion: "latest", sourceType: "module", allowAwaitOutsideFunction: true };

export type Parsed =
  | { readonly kind: "expression"; readonly node: Expression }
  | { readonly kind: "program"; readonly node: Program };

/**
 * A cell's JavaScript: one expression when it is that (`{a: 1}` is then an object), else statements.
 *
 * @throws {WorkspaceError} `notebook` with the place of the first syntax error
 */
export function parseScript(source: string, more: Pick<Options, "allowReturnOutsideFunction"> = {}): Parsed {
  const expression = wholeExpression(source);
  if (expression !== null) return { kind: "expression", node: expression };
  try {
    return { kind: "program", node: parse(source, { ...OPTIONS, ...more }) };
  } catch (error) {
    throw syntaxError(source, error);
  }
}

/** @throws {WorkspaceError} `notebook` for anything but one expression */
export function parseExpression(source: string): Expression {
  const expression = wholeExpression(source);
  if (expression !== null) return expression;
  try {
    parseExpressionAt(source, 0, OPTIONS);
  } catch (error) {
    throw syntaxError(source, error);
  }
  throw new WorkspaceError({
    code: "notebook",
    message: "this is more than one expression",
    hint: "Write one expression, without a semicolon.",
    span: spanAt(source, 0, source.length),
  });
}

function wholeExpression(source: string): Expression | null {
  try {
    const node = parseExpressionAt(source, 0, OPTIONS);
    // Brackets around the whole are of no node, but where they end the expression does.
    const { end } = parseExpressionAt(source, 0, { ...OPTIONS, preserveParens: true });
    // A class or function with a name, alone in its cell, declares that name.
    const isNamed = (node.type === "FunctionExpression" || node.type === "ClassExpression") && node.id;
    if (isNamed && end === node.end) return null;
    const [rest] = tokenizer(source.slice(end), OPTIONS);
    return rest === undefined || rest.type.label === "eof" ? node : null;
  } catch {
    return null;
  }
}

/** The two words that Observable's notebooks of before had beside JavaScript. */
const OBSERVABLE = /^\s*(?:viewof|mutable)\s+[\p{ID_Start}_$]/u;

function syntaxError(source: string, error: unknown): WorkspaceError {
  if (!(error instanceof SyntaxError) || !("pos" in error) || typeof error.pos !== "number") throw error;
  const said = error.message.replace(/ \(\d+:\d+\)$/, "");
  const token = /^(?:[\p{ID_Continue}$]+|\S)/u.exec(source.slice(error.pos))?.[0] ?? "";
  const message =
    said !== "Unexpected token" ? said : token === "" ? "The code ends too early" : `${said}: ${token}`;
  return new WorkspaceError(
    {
      code: "notebook",
      message: `syntax: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
      hint: OBSERVABLE.test(source)
        ? "Write const name = view(…) for viewof, and const name = Mutable(…) for mutable."
        : "Mend the JavaScript at this place.",
      span: spanAt(source, error.pos, error.pos + Math.max(1, token.length)),
    },
    { cause: error },
  );
}
