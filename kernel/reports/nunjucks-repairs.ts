import nunjucks from "nunjucks";

import type { SyntaxNode } from "./template-syntax.ts";

/*
 * What has to be changed in nunjucks itself, once for the process, so that a template of anyone may be rendered
 * and says where it went wrong.
 */

interface Internals {
  readonly runtime: { memberLookup(receiver: unknown, name: unknown): unknown };
  readonly compiler: { readonly Compiler: { readonly prototype: CompilerMethods } };
}

interface CompilerMethods {
  compileFunCall: Compile;
  compileFilter: Compile;
}

type Compile = (this: Emitter, node: SyntaxNode, frame: unknown) => void;

interface Emitter {
  _emit(code: string): void;
}

const { runtime, compiler } = nunjucks as unknown as Internals;

/**
 * nunjucks looks members up along the prototype chain, by which `"".constructor.constructor("…")()` runs any
 * code. Here a member is an own one, or the length of a list or text; a function has none.
 */
runtime.memberLookup = (receiver, name) => {
  if (receiver === null || receiver === undefined || typeof receiver === "function") return undefined;
  const key = String(name);
  if (typeof receiver === "string") return key === "length" ? receiver.length : undefined;
  if (typeof receiver !== "object" || !Object.hasOwn(receiver, key)) return undefined;
  return (receiver as Readonly<Record<string, unknown>>)[key];
};

/** The line of a call counts from 0 in the code that nunjucks makes, and from 1 in the error that it becomes. */
const { compileFunCall, compileFilter } = compiler.Compiler.prototype;
compiler.Compiler.prototype.compileFunCall = function compileCall(node, frame) {
  const { lineno, colno } = node;
  Object.assign(node, { lineno: lineno + 1, colno: colno + 1 });
  compileFunCall.call(this, node, frame);
  Object.assign(node, { lineno, colno });
};

/** An error in a filter has no place in nunjucks. */
compiler.Compiler.prototype.compileFilter = function compilePlacedFilter(node, frame) {
  // oxlint-disable-next-line no-underscore-dangle -- the name that nunjucks gives it
  const emit = (code: string): void => this._emit(code);
  emit(`(lineno = ${node.lineno + 1}, colno = ${node.colno + 1}, `);
  compileFilter.call(this, node, frame);
  emit(")");
};
