import type { ErrorInfo, Span } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { LINES_BEFORE } from "../js/analyse-script.ts";
import { columnBefore } from "../js/guard-loops.ts";
import type { Insertion } from "../js/guard-loops.ts";
import { describe, shortened } from "./inspect.ts";

/** What was put into the script of each cell as it was last loaded: a stack counts it, and a person does not see it. */
export const insertedInto: Map<string, readonly Insertion[]> = new Map();

/** Name of a cell's module as stack traces write it. */
export function scriptUrl(cell: string): string {
  return `cell/${encodeURIComponent(cell)}.js`;
}

/** A sentence and a few lines; what is longer is no message. */
const LONGEST_MESSAGE = 1_000;
const LONGEST_DETAIL = 20_000;

/** `at f (cell/NAME.js:3:7)` of V8, `f@cell/NAME.js:3:7` of the others. */
const FRAME = /cell\/([^\s/():@]+)\.js:(\d+):(\d+)/;

/** What a cell's code threw, with the cell and place where it was thrown: that of a function may be another cell. */
export function scriptError(thrown: unknown, cell: string): ErrorInfo {
  if (thrown instanceof WorkspaceError) return { cell, ...thrown.info };
  const message =
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${describe(thrown)}`;
  const causes = thrown instanceof Error ? causeWords(thrown) : "";
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const [, name, line, column] = FRAME.exec(stack) ?? [];
  const detail = [stack, causes].filter((part) => part !== "").join("\n");
  const thrower = name === undefined ? cell : decodeURIComponent(name);
  return {
    code: "notebook",
    message: shortened(message, LONGEST_MESSAGE),
    cell: thrower,
    ...(line === undefined || column === undefined
      ? {}
      : { span: placeIn(thrower, Number(line), Number(column)) }),
    ...(detail === "" ? {} : { detail: shortened(detail, LONGEST_DETAIL) }),
  };
}

function placeIn(cell: string, line: number, column: number): Span {
  return {
    line: Math.max(1, line - LINES_BEFORE),
    column: columnBefore(insertedInto.get(cell) ?? [], line, column),
    length: 1,
  };
}

function causeWords(error: Error): string {
  const words: string[] = [];
  for (let cause = error.cause; cause !== undefined && words.length < 5;) {
    words.push(`caused by ${cause as string}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return words.join("\n");
}
