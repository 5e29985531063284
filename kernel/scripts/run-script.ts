import { compileFunction } from "node:vm";

import type { DataFrame, LazyDataFrame } from "nodejs-polars";

import { WorkspaceError, stopped } from "#protocol/error.ts";
import type { Span } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import type { Connection } from "../engines/engine.ts";
import { ScriptConsole } from "./console.ts";
import { GIVEN } from "./read-script.ts";
import type { KernelScript } from "./read-script.ts";
import { isFrame, Query, QueryFailed, sqlTag, Table } from "./table.ts";
import { writeRows } from "./write-rows.ts";

export interface ScriptRequest {
  /** Name of the cell; stands in errors. */
  readonly cell: string;
  readonly script: KernelScript;
  /** Name → path of the Parquet file; each is registered with the connection. */
  readonly tables: Readonly<Record<string, string>>;
  /** Parquet file that the result goes to. */
  readonly target: string;
  /** Told of what is there while it runs. */
  readonly arrived?: (what: NonNullable<Progress["arrived"]>) => void;
}

/**
 * Runs a person's script in this process and writes what it gives as a table. It is stopped by its signal where it
 * listens (`sql` does), and otherwise with the process. The caller decides whether it may run at all.
 *
 * @returns what it wrote to its console
 * @throws {WorkspaceError} `notebook` with cell and place for what the script throws, and for a result that is no table
 */
export async function runScript(
  { cell, script, tables, target, arrived = () => {} }: ScriptRequest,
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const running = { connection, signal };
  let rows = 0;
  let log: readonly string[] = [];
  const console = new ScriptConsole((tail) => arrived({ rows, log: (log = tail) }));
  const names = script.tables.map((name) => new Table(name, tables[name] ?? "", running));
  const polars = script.usesPolars ? (await import("nodejs-polars")).default : null;
  try {
    const call = compiled(cell, script);
    const result = await call(sqlTag(running), polars, signal, console, ...names);
    signal.throwIfAborted();
    await writeResult(result, target, connection, signal, (count) => arrived({ rows: (rows = count), log }));
    return console.lines;
  } catch (error) {
    if (signal.aborted) throw stopped({ cause: error });
    throw placed(error, cell, console.lines);
  }
}

type Call = (...values: readonly unknown[]) => Promise<unknown>;

function compiled(cell: string, { text, tables, isExpression }: KernelScript): Call {
  const head = '"use strict"; return (async () => {';
  // The text begins on a line of its own, the first of the file, so that every place is the cell's.
  const body = isExpression ? `${head} return (\n${text}\n)})()` : `${head}\n${text}\n})()`;
  return compileFunction(body, [...GIVEN, ...tables], {
    filename: fileOf(cell),
    lineOffset: -1,
  }) as Call;
}

async function writeResult(
  result: unknown,
  target: string,
  connection: Connection,
  signal: AbortSignal,
  wrote: (rows: number) => void,
): Promise<void> {
  if (result instanceof Table) await result.query().sink(target);
  else if (result instanceof Query) await result.sink(target);
  else if (isFrame(result)) await writeFrame(result, target);
  else if (isRows(result)) await writeRows(result, target, connection, signal, wrote);
  else {
    throw new WorkspaceError({
      code: "notebook",
      message: `the result is no table: ${result === null ? "null" : typeof result}`,
      hint: "Return a query (sql`…`), a frame of Polars, or a list of rows.",
    });
  }
}

async function writeFrame(frame: LazyDataFrame | DataFrame, target: string): Promise<void> {
  const lazy = "collect" in frame ? frame : frame.lazy();
  await lazy
    .sinkParquet(target, {
      compression: "zstd",
      statistics: true,
      sinkOptions: { syncOnClose: "all", maintainOrder: true, mkdir: false },
    })
    .collect({ streaming: true });
}

function isRows(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  );
}

function fileOf(cell: string): string {
  return `cell:${cell}.js`;
}

/** What was thrown, with the last place of the cell that it went through. */
function placed(error: unknown, cell: string, lines: readonly string[]): WorkspaceError {
  const thrown = error instanceof QueryFailed ? error.cause : error;
  const place = placeIn(
    error instanceof QueryFailed ? error.place.stack : (error as Error | null)?.stack,
    cell,
  );
  const said = lines.length === 0 ? {} : { detail: `console:\n${lines.join("\n")}` };
  const info =
    thrown instanceof WorkspaceError
      ? thrown.info
      : { code: "notebook" as const, message: wordsOf(thrown), hint: "Mend the script at this place." };
  const { span: _elsewhere, ...rest } = info;
  return new WorkspaceError(
    { ...said, ...rest, cell, ...(place === null ? {} : { span: place }) },
    { cause: error },
  );
}

function placeIn(stack: string | undefined, cell: string): Span | null {
  const file = fileOf(cell).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = new RegExp(`${file}:(\\d+):(\\d+)`).exec(stack ?? "");
  return found === null ? null : { line: Number(found[1]), column: Number(found[2]), length: 1 };
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `thrown: ${String(thrown)}`;
}
