import type { Identifier } from "acorn";

import type { WorkspaceError } from "#protocol/error.ts";

import { foreignAssignment } from "#notebook/assignments.ts";
import { declarations } from "#notebook/declarations.ts";
import { CELL_NAMES, isBuiltin } from "./builtin-names.ts";
import { GLOBALS } from "./globals.ts";
import { replaced, rewriteImports } from "./imports.ts";
import { parseExpression, parseScript } from "#notebook/parse-script.ts";
import type { Parsed } from "#notebook/parse-script.ts";
import { references } from "#notebook/references.ts";
import { sourceError } from "#notebook/source-error.ts";

/** A cell's JavaScript as the dataflow needs it. */
export interface Script {
  /** Free names that are other variables, each once, in the order of the text. */
  readonly inputs: readonly string[];
  /** Those of `display`, `view` and `invalidation` that it uses. */
  readonly cellInputs: readonly string[];
  /** Names that it defines for others. */
  readonly outputs: readonly string[];
  /** One expression: its value is shown, and is the cell's own. */
  readonly expression: boolean;
  /** Where each input is first used, for errors that name one. */
  readonly uses: ReadonlyMap<string, Identifier>;
  /**
   * Text of an ES module whose default export is the function of the inputs; line n of the cell is line
   * n + {@link LINES_BEFORE}, its columns as they were. An expression's function returns its value, the others'
   * their outputs by name.
   */
  readonly module: string;
}

/** Lines of a module's text before the cell's first. */
export const LINES_BEFORE = 1;

/**
 * Analyses a `js` cell (of a `ts` cell, its text without types).
 *
 * @param name the cell's name; an expression defines it
 * @throws {WorkspaceError} `notebook`, with its place: a syntax error, an import of what does not ship with the
 *   page, an assignment to another cell's variable, a definition of a builtin's name
 */
export function analyseScript(source: string, name: string | null): Script {
  return analysed(source, parseScript(source), name);
}

/** Analyses what must be one expression: a `${}`, an `input` cell. @throws as {@link analyseScript} */
export function analyseExpression(source: string, name: string | null): Script {
  return analysed(source, { kind: "expression", node: parseExpression(source) }, name);
}

function analysed(source: string, parsed: Parsed, name: string | null): Script {
  const { node } = parsed;
  const { replacements, builtins } = rewriteImports(source, node);
  const found = references(node, GLOBALS);
  const assigned = foreignAssignment(node, new Set(found));
  if (assigned !== null) throw assignment(source, assigned);
  const declared = parsed.kind === "program" ? declarations(parsed.node) : [];
  for (const one of declared) if (isBuiltin(one.name)) throw redefined(source, one);
  const uses = new Map<string, Identifier>();
  for (const one of found) if (!uses.has(one.name)) uses.set(one.name, one);
  const names = [...new Set([...uses.keys(), ...builtins])];
  const expression = parsed.kind === "expression";
  const outputs = expression ? ownName(name) : [...new Set(declared.map((one) => one.name))];
  const inputs = names.filter((input) => !CELL_NAMES.has(input));
  const cellInputs = names.filter((input) => CELL_NAMES.has(input));
  const body = replaced(source, replacements);
  const parameters = [...cellInputs, ...inputs].join(", ");
  const module = expression
    ? `export default async function (${parameters}) { return (\n${body}\n); }\n`
    : `export default async function (${parameters}) {\n${body}\nreturn {${outputs.join(", ")}};\n}\n`;
  return { inputs, cellInputs, outputs, expression, uses, module };
}

/** A name with a hyphen names a cell, not a variable. */
function ownName(name: string | null): string[] {
  return name !== null && /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? [name] : [];
}

function assignment(source: string, node: Identifier): WorkspaceError {
  return sourceError(
    source,
    node,
    `assignment to ${node.name}, which this cell does not declare`,
    `Declare ${node.name} here under another name, or make it a Mutable in its own cell.`,
  );
}

function redefined(source: string, node: Identifier): WorkspaceError {
  return sourceError(
    source,
    node,
    `${node.name} is a name of the notebook itself`,
    "Choose another name for this variable.",
  );
}
