import type { AnyNode } from "acorn";
import { full } from "acorn-walk";

import { foreignAssignment } from "#notebook/assignments.ts";
import { parseScript } from "#notebook/parse-script.ts";
import { references } from "#notebook/references.ts";
import { spanAt } from "#notebook/source-error.ts";
import { stripTypes } from "#notebook/strip-types.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

/** What a script has beside the tables that it names. */
export const GIVEN = ["sql", "polars", "signal", "console"] as const;

/** Names of the language and of Node that are no tables. Short on purpose: nothing here reaches a file or a network. */
const GLOBALS: ReadonlySet<string> = new Set(
  `AbortController AbortSignal AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView
  Date Error EvalError Float32Array Float64Array Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math
  NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TextDecoder
  TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap
  WeakRef WeakSet atob btoa clearTimeout decodeURI decodeURIComponent encodeURI encodeURIComponent isFinite isNaN
  parseFloat parseInt performance setTimeout structuredClone undefined`.split(/\s+/),
);

/** A script that can be run. */
export interface KernelScript {
  /** Tables that it names, in the order of the text. */
  readonly tables: readonly string[];
  readonly usesPolars: boolean;
  /** The tree without places, types and comments: the same however the text is laid out. */
  readonly tree: unknown;
  /** JavaScript, each line and column where the cell has it. */
  readonly text: string;
  readonly isExpression: boolean;
}

/**
 * Reads a `js` or `ts` cell of the kernel: one expression, or statements that `return` the result. A free name is a
 * table.
 *
 * @throws {WorkspaceError} `notebook` with cell and place: a syntax error, an import, an assignment to a table
 */
export async function readScript(cell: CellText): Promise<KernelScript> {
  try {
    const text = cell.language === "ts" ? await stripTypes(cell.source) : cell.source;
    return read(text);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    throw new WorkspaceError({ ...error.info, cell: cell.name }, { cause: error });
  }
}

function read(text: string): KernelScript {
  const parsed = parsedBody(text);
  const { node } = parsed;
  refuseImports(text, node);
  const found = references(node, GLOBALS);
  const assigned = foreignAssignment(node, new Set(found));
  if (assigned !== null) {
    throw refused(
      text,
      assigned,
      `assignment to ${assigned.name}`,
      "Declare it with let under another name.",
    );
  }
  const names = [...new Set(found.map(({ name }) => name))];
  return {
    tables: names.filter((name) => !GIVEN.some((given) => given === name)),
    usesPolars: names.includes("polars"),
    tree: withoutPlaces(node),
    text,
    isExpression: parsed.kind === "expression",
  };
}

/** Statements are the body of a function, so that they may `return`. */
function parsedBody(text: string): ReturnType<typeof parseScript> {
  return parseScript(text, { allowReturnOutsideFunction: true });
}

function refuseImports(text: string, root: AnyNode): void {
  full(root, (node) => {
    if (!/^(?:Import|Export)\w*(?:Declaration|Expression)$/.test(node.type) && node.type !== "MetaProperty")
      return;
    if (node.type === "MetaProperty" && text.slice(node.start, node.end) === "new.target") return;
    throw refused(text, node, "not for a cell: import", "Use sql, polars and the tables by their names.");
  });
}

function refused(text: string, node: AnyNode, message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint, span: spanAt(text, node.start, node.end) });
}

const PLACES = new Set(["start", "end", "loc", "range"]);

function withoutPlaces(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return value.map((item) => withoutPlaces(item));
  if (typeof value !== "object" || value === null) return value;
  const isLiteral = "type" in value && value.type === "Literal";
  const kept = Object.entries(value).filter(([key]) => !PLACES.has(key) && !(isLiteral && key === "raw"));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutPlaces(item)]));
}
