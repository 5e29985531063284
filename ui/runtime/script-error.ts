import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { LINES_BEFORE } from "../js/analyse-script.ts";

/** Name of a cell's module as stack traces write it. */
export function scriptUrl(cell: string): string {
  return `cell/${encodeURIComponent(cell)}.js`;
}

/** `at f (cell/NAME.js:3:7)` of V8, `f@cell/NAME.js:3:7` of the others. */
const FRAME = /cell\/([^\s/():@]+)\.js:(\d+):(\d+)/;

/** What a cell's code threw, with the cell and place where it was thrown: that of a function may be another cell. */
export function scriptError(thrown: unknown, cell: string): ErrorInfo {
  if (thrown instanceof WorkspaceError) return { cell, ...thrown.info };
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${String(thrown)}`;
  const causes = thrown instanceof Error ? causeWords(thrown) : "";
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const [, name, line, column] = FRAME.exec(stack) ?? [];
  const detail = [stack, causes].filter((part) => part !== "").join("\n");
  return {
    code: "notebook",
    message,
    cell: name === undefined ? cell : decodeURIComponent(name),
    ...(line === undefined || column === undefined
      ? {}
      : { span: { line: Math.max(1, Number(line) - LINES_BEFORE), column: Number(column), length: 1 } }),
    ...(detail === "" ? {} : { detail }),
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
