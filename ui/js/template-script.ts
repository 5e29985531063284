import type { Hole } from "#graph/template-holes.ts";
import { indexOf } from "#notebook/text-place.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import { analyseExpression } from "./analyse-script.ts";
import type { Script } from "./analyse-script.ts";

/**
 * The `${}` of a text as one script that returns their values as a list, in the order of the text. What is around
 * them is blanked out, so that places are those of the cell.
 *
 * @throws {WorkspaceError} `notebook` for a hole that is no expression, with its place in the cell
 */
export function templateScript(source: string, holes: readonly Hole[]): Script {
  const scripts = holes.map((hole) => analysedHole(hole));
  const uses = new Map(
    scripts.toReversed().flatMap((script, index) => {
      const hole = holes.at(-1 - index);
      const start = hole === undefined ? 0 : indexOf(source, hole);
      return [...script.uses].map(
        ([name, node]) => [name, { ...node, start: node.start + start, end: node.end + start }] as const,
      );
    }),
  );
  const inputs = [...new Set(scripts.flatMap((script) => script.inputs))];
  return {
    inputs,
    cellInputs: [],
    outputs: [],
    expression: true,
    uses,
    module: `export default async function (${inputs.join(", ")}) { return [\n${masked(source, holes)}\n].slice(1); }\n`,
  };
}

function analysedHole(hole: Hole): Script {
  try {
    const script = analyseExpression(hole.text, null);
    const [name] = script.cellInputs;
    if (name === undefined) return script;
    throw new WorkspaceError({
      code: "notebook",
      message: `${name} in a \${}`,
      hint: "Use it in a js cell: a ${} is only a value.",
    });
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    throw new WorkspaceError(moved(error.info, hole), { cause: error });
  }
}

/** `a ${x} b` → `  ,(x)  `: a comma and a parenthesis take the place of `${`. */
function masked(source: string, holes: readonly Hole[]): string {
  let text = "";
  for (const hole of holes) {
    const start = indexOf(source, hole);
    text += `${blank(source.slice(text.length, start - 2))},(${hole.text})`;
  }
  return text + blank(source.slice(text.length));
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}

function moved(info: ErrorInfo, { line, column }: Hole): ErrorInfo {
  const span = info.span ?? { line: 1, column: 1, length: 1 };
  return {
    ...info,
    span: {
      line: span.line + line - 1,
      column: span.line === 1 ? span.column + column - 1 : span.column,
      length: span.length,
    },
  };
}
