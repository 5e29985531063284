import { getLineInfo, parse } from "acorn";
import type { Function as FunctionNode, Statement } from "acorn";
import { simple } from "acorn-walk";

import { recursiveFunctions } from "./recursive-functions.ts";

/** Text that was put into a module: 1-based place in what it was before. */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A module whose loops and recursive functions count their rounds, and ask at times whether they may go on. */
export interface GuardedModule {
  readonly text: string;
  readonly insertions: readonly Insertion[];
}

/** What is guarded. */
export type Guarded = "loop" | "recursion";

/** The export by which a module is given what its loops and functions ask. */
export const LOOK = "$$look";
const HEAD = `let $$left = 0, look; export const ${LOOK} = (given) => { look = given; }; `;

/**
 * Puts a check into every `for`, `while` and `do` of a module, and into every function that may call itself: a count
 * that goes down, and when it is through the question how far to count next, which knows the clock. That costs a round
 * 1 to 4 ns. The module's first line is not the cell's; the lines below stay where they are. Null when there is nothing
 * to guard. What goes on for ever in other ways (promises that resolve one another, one call of a library) is not
 * found; nor is a long walk by a callback (`map`, `Array.from`): counting there would cost a sum over rows a fourth.
 */
export function guardLoops(module: string): GuardedModule | null {
  const program = parse(module, { ecmaVersion: "latest", sourceType: "module" });
  const pieces: { readonly at: number; readonly text: string }[] = [];
  const question = (start: number, what: Guarded): string => {
    const { line, column } = getLineInfo(module, start);
    return `$$left=look(${line},${column + 1},"${what}")`;
  };
  const guard = (loop: { readonly start: number; readonly body: Statement }): void => {
    const check = `if(--$$left<0)${question(loop.start, "loop")};`;
    const { type, start, end } = loop.body;
    if (type === "BlockStatement") pieces.push({ at: start + 1, text: check });
    else pieces.push({ at: start, text: `{${check}` }, { at: end, text: "}" });
  };
  const guardFunction = ({ start: place, body }: FunctionNode): void => {
    const ask = question(place, "recursion");
    if (body.type === "BlockStatement") pieces.push({ at: body.start + 1, text: `if(--$$left<0)${ask};` });
    else pieces.push({ at: body.start, text: `(--$$left<0&&(${ask}),` }, { at: body.end, text: ")" });
  };
  // First: where a function and a loop end at one place, the function is inside.
  for (const one of recursiveFunctions(program)) guardFunction(one);
  simple(program, {
    ForStatement: guard,
    ForInStatement: guard,
    ForOfStatement: guard,
    WhileStatement: guard,
    DoWhileStatement: guard,
  });
  if (pieces.length === 0) return null;
  pieces.sort((a, b) => a.at - b.at);
  let text = HEAD;
  let from = 0;
  for (const piece of pieces) {
    text += module.slice(from, piece.at) + piece.text;
    from = piece.at;
  }
  const insertions = pieces.map(({ at, text: { length } }): Insertion => {
    const { line, column } = getLineInfo(module, at);
    return { line, column: column + 1, length };
  });
  return { text: text + module.slice(from), insertions };
}

/** The column that a place in a guarded module has in what it was before. */
export function columnBefore(insertions: readonly Insertion[], line: number, column: number): number {
  let before = column;
  for (const one of insertions) {
    if (one.line !== line || one.column >= before) continue;
    before = Math.max(one.column, before - one.length);
  }
  return before;
}
