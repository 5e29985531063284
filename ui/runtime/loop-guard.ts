import { WorkspaceError } from "#protocol/error.ts";

import { LINES_BEFORE } from "../js/analyse-script.ts";
import type { Guarded } from "../js/guard-loops.ts";

/** How long the loops of a cell may keep the page from everything else. */
export const MOST_MS = 5_000;
/** Rounds between two looks at the clock: at the most, so that a look costs nothing beside them. */
const MOST_ROUNDS = 1024;
/** Time between two looks that rounds are made more or fewer for. */
const LOOK_MS = 10;
/** A page that stood in a debugger, or whose machine slept, did not loop meanwhile. */
const MOST_COUNTED_MS = 1_000;

/** Counts the turns of the page: each time it came to do something else. */
export interface Turns {
  now(): number;
}

/** Asks the page to come back as soon as it does anything else. Not by a timer: those of a hidden tab are late. */
class PageTurns implements Turns {
  readonly #channel = new MessageChannel();
  #count = 0;
  #asked = false;

  constructor() {
    this.#channel.port1.addEventListener("message", () => {
      this.#asked = false;
      this.#count++;
    });
    this.#channel.port1.start();
  }

  now(): number {
    if (!this.#asked) this.#channel.port2.postMessage(null);
    this.#asked = true;
    return this.#count;
  }
}

let pageTurns: PageTurns | null = null;

/** What the loops and recursive functions of one script ask: their place in its module → rounds until they ask again. */
export type Look = (line: number, column: number, what: Guarded) => number;

/**
 * Lets the loops and recursive functions of a cell go on until they have kept the page from everything else for {@link MOST_MS}; from then
 * on each of them throws, also one around the first that catches that. A loop that waits for something (`await`) lets
 * the page go on, and may take for ever.
 */
export function loopGuard(
  cell: string,
  turns: Turns = (pageTurns ??= new PageTurns()),
  clock: () => number = () => performance.now(),
): Look {
  let turn = -1;
  let last = 0;
  let spent = 0;
  let rounds = 1;
  return (line, column, what) => {
    const now = clock();
    const at = turns.now();
    if (at === turn) {
      const passed = now - last;
      spent += Math.min(passed, MOST_COUNTED_MS);
      rounds = passed < LOOK_MS ? Math.min(rounds * 2, MOST_ROUNDS) : Math.max(1, rounds >> 1);
      if (spent > MOST_MS) throw endless(cell, line, column, what);
    } else {
      [turn, spent, rounds] = [at, 0, 1];
    }
    last = now;
    return rounds;
  };
}

function endless(cell: string, line: number, column: number, what: Guarded): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: `this ${what} kept the page from everything else for ${MOST_MS / 1000} s`,
    hint: "Give it an end; one that only takes long may block the page when the word blocking stands in its cell's fence.",
    cell,
    span: { line: Math.max(1, line - LINES_BEFORE), column, length: 1 },
  });
}
