import { systemRefusal } from "./system-error.ts";

/** What kind of thing went wrong; decides the exit code of a command and the icon on a cell. */
export type ErrorCode =
  | "usage" // the words of a call are off
  | "notebook" // a cell or the graph of cells is off
  | "source" // a file that we read is off
  | "module" // an annotation module is off
  | "asset" // something needed is not there
  | "check" // a table does not hold to the check of its cell
  | "engine" // the engine refused or failed
  | "memory" // the engine had no memory left to go on with
  | "cancelled"
  | "killed" // the process that did the work is gone
  | "busy" // another process holds what is needed
  | "internal"; // a defect of ours

/** A stretch of a cell's source: 1-based line and column. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** An error as data: what crosses processes and reaches the screen. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  /** What is wrong and with which value: lower case, no full stop. Never a genotype. */
  readonly message: string;
  /** One imperative sentence that says what to do. */
  readonly hint?: string;
  /** Name of the cell it happened in. */
  readonly cell?: string;
  readonly span?: Span;
  /** `file:line` for data. */
  readonly at?: string;
  /** What the engine or the system said, for the folded part of the card. */
  readonly detail?: string;
  /** Of an error at a value: rows that fail; none where they were not found. With it, `detail` may quote values. */
  readonly rows?: FailingRows;
}

/** The first rows that a query fails at, as text; null is null. */
export interface FailingRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** An error as it may be written down: no log and no file holds a value that failed, which may be a genotype. */
export function withoutValues(error: ErrorInfo): ErrorInfo {
  const { rows, detail: _, ...rest } = error;
  return rows === undefined ? error : rest;
}

/** What the person at the notebook can mend. Any other class that is thrown is a defect of ours. */
export class WorkspaceError extends Error {
  readonly info: ErrorInfo;

  constructor(info: ErrorInfo, options?: ErrorOptions) {
    super(info.at === undefined ? info.message : `${info.at}: ${info.message}`, options);
    this.name = "WorkspaceError";
    this.info = info;
  }
}

/** Work that was stopped because someone asked for it. */
export function stopped(options?: ErrorOptions): WorkspaceError {
  return new WorkspaceError({ code: "cancelled", message: "stopped" }, options);
}

/**
 * Any thrown value as data. What is neither a {@link WorkspaceError} nor a refusal of the system is `internal`, with
 * its stack in `detail`.
 */
export function errorInfo(error: unknown): ErrorInfo {
  if (error instanceof WorkspaceError) return error.info;
  if (error instanceof Error && error.name === "AbortError") return stopped().info;
  const refusal = systemRefusal(error);
  if (refusal !== null) return { code: "asset", ...refusal };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: "internal", message: error instanceof Error ? error.message : String(error), detail };
}
