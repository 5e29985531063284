import { getLineInfo, parse } from "acorn";
import type { Statement } from "acorn";
import { simple } from "acorn-walk";

/** Text that was put into a module: 1-based place in what it was before. */
export interface Insertion {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A module whose loops count their rounds, and ask at times whether they may go on. */
export interface GuardedModule {
  readonly text: string;
  readonly insertions: readonly Insertion[];
}

/** The export by which a module is given what its loops ask. */
export const LOOK = "$$look";
const HEAD = `let $$left = 0, look; export const ${LOOK} = (given) => { look = given; }; `;

/**
 * Puts a check into every `for`, `while` and `do` of a module: a count that goes down, and when it is through the
 * question how far to count next, which knows the clock. That costs a round 1 to 4 ns. The module's first line is not
 * the cell's; the lines below stay where they are. Null when it has no loop. What goes on for ever in other ways
 * (promises that resolve one another, one call of a library) is not found.
 */
export function guardLoops(module: string): GuardedModule | null {
  if (!/\b(?:for|while|do)\b/.test(module)) return null;
  const pieces: { readonly at: number; readonly text: string }[] = [];
  const guard = (loop: { readonly start: number; readonly body: Statement }): void => {
    const { line, column } = getLineInfo(module, loop.start);
    const check = `if(--$$left<0)$$left=look(${line},${column + 1});`;
    const { type, start, end } = loop.body;
    if (type === "BlockStatement") pieces.push({ at: start + 1, text: check });
    else pieces.push({ at: start, text: `{${check}` }, { at: end, text: "}" });
  };
  simple(parse(module, { ecmaVersion: "latest", sourceType: "module" }), {
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
