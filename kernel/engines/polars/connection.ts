import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { DataFrame, LazyDataFrame } from "nodejs-polars";

import { WorkspaceError, stopped } from "#protocol/error.ts";
import { temporaryName } from "#protocol/temporary-name.ts";

import { rowsOfStream } from "../arrow/rows.ts";
import type { BatchStream, Connection, RegisterOptions, SinkOptions, Value } from "../engine.ts";
import { sqlPieces } from "../sql-text.ts";
import { freeLastFrames, freeLeftFrames, freeMostFrames } from "./free-frames.ts";
import { withLiterals } from "./literals.ts";
import { planned } from "./polars-api.ts";
import type { Polars, Tables } from "./polars-api.ts";
import { polarsError } from "./polars-error.ts";
import { messagesOf } from "./stream.ts";
import { refuseUnread } from "./unread-types.ts";

/** More are refused by the binding, which has them in 16 bits. Without a word of ours a group has 122,880. */
const MOST_GROUP_ROWS = 32_767;

/** A path is the name of a file, whatever is in it. */
const AS_NAMED = { glob: false, hivePartitioning: false } as const;

/** What is read again in a moment. */
const SPILLED = {
  compression: "uncompressed",
  statistics: false,
  sinkOptions: { syncOnClose: "none", maintainOrder: false, mkdir: false },
} as const;

export interface PolarsSettings {
  readonly polars: Polars;
  readonly spillDirectory: string;
  readonly preserveOrder: boolean;
}

/** SQL over lazy frames. Nothing can be interrupted: a signal is heeded before and after a statement. */
export class PolarsConnection implements Connection {
  readonly #settings: PolarsSettings;
  readonly #tables: Tables;
  #last: Promise<unknown> = Promise.resolve();

  constructor(settings: PolarsSettings, tables: Tables) {
    this.#settings = settings;
    this.#tables = tables;
  }

  async run(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<void> {
    for (const statement of statementsOf(sql)) {
      await this.#collected(signal, () => this.#frame(statement, parameters));
    }
  }

  async rows<Row>(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<Row[]> {
    const frame = await this.#collected(signal, () => this.#only(sql, parameters));
    return rowsOfStream<Row>(frame.writeIPCStream());
  }

  stream(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): BatchStream {
    const { polars, preserveOrder: maintainOrder, spillDirectory } = this.#settings;
    // Of an Arrow file alone, nothing keeps Polars from reading its path as a pattern and as values of columns.
    const isArrow = !/[=[]/.test(spillDirectory);
    const spill = this.#spillPath(isArrow ? "arrow" : "parquet");
    const write = async (): Promise<void> => {
      await this.#collected(signal, () => {
        const frame = this.#only(sql, parameters);
        return isArrow
          ? // Polars' own texts would be views, which not every reader knows.
            frame.sinkIpc(spill, {
              compression: "uncompressed",
              compatLevel: "oldest",
              maintainOrder,
              syncOnClose: "none",
            })
          : frame.sinkParquet(spill, { ...SPILLED, sinkOptions: { ...SPILLED.sinkOptions, maintainOrder } });
      });
    };
    const scan = (): LazyDataFrame => (isArrow ? polars.scanIPC(spill) : polars.scanParquet(spill, AS_NAMED));
    const remove = (): Promise<void> => rm(spill, { force: true });
    return { messages: messagesOf({ scan, write, remove, signal }) };
  }

  async register(
    name: string,
    parquet: string | readonly string[],
    { rowNumber, rows }: RegisterOptions = {},
  ): Promise<void> {
    const { polars } = this.#settings;
    const paths = typeof parquet === "string" ? [parquet] : parquet;
    try {
      // Stretches are of tables of variants, which have no such column, and are many.
      if (rows === undefined) for (const path of paths) await refuseUnread(name, path);
      const options = {
        ...AS_NAMED,
        ...(rowNumber === undefined ? {} : { rowIndexName: rowNumber }),
      };
      const frames = paths.map((path) => polars.scanParquet(path, options));
      const stretch = (frame: LazyDataFrame): LazyDataFrame =>
        rows === undefined ? frame : frame.slice(rows.first, rows.count);
      this.#register(name, frames.map(stretch));
    } catch (error) {
      throw polarsError(error);
    }
  }

  async sink(sql: string, path: string, options: SinkOptions = {}): Promise<void> {
    const { parameters = [], signal, steps = [], rowGroupRows } = options;
    const maintainOrder = this.#settings.preserveOrder;
    try {
      for (const { name, sql, readsMuch = false } of steps) {
        const frames: LazyDataFrame[] = [];
        // Not as one query: to plan a union of fifteen takes Polars a gigabyte, and of twenty minutes.
        for (const query of typeof sql === "string" ? [sql] : sql) {
          const plan = (): LazyDataFrame => this.#only(query, parameters);
          const frame = readsMuch ? await this.#streamed(signal, plan) : await this.#collected(signal, plan);
          frames.push(frame.lazy());
          // What a frame was read from is mapped into memory as long as that lives.
          if (frames.length > 1) freeLastFrames();
        }
        this.#register(name, frames);
      }
      await this.#collected(signal, () =>
        this.#only(sql, parameters).sinkParquet(path, {
          compression: "zstd",
          statistics: true,
          ...(rowGroupRows === undefined || rowGroupRows > MOST_GROUP_ROWS
            ? {}
            : { rowGroupSize: rowGroupRows }),
          sinkOptions: { syncOnClose: "none", maintainOrder, mkdir: false },
        }),
      );
    } finally {
      for (const { name } of steps) this.#tables.unregister(name);
      if (steps.length > 0) freeMostFrames();
    }
  }

  async connect(): Promise<Connection> {
    return new PolarsConnection(this.#settings, this.#tables);
  }

  progress(): number | null {
    return null;
  }

  close(): void {
    freeLeftFrames();
  }

  #spillPath(ending: string): string {
    return join(
      this.#settings.spillDirectory,
      `${temporaryName("polars", process.pid)}${randomUUID()}.${ending}`,
    );
  }

  /** The frame of a text that is one query. */
  #only(sql: string, parameters: readonly Value[]): LazyDataFrame {
    const [statement, another] = statementsOf(sql);
    if (statement === undefined || another !== undefined) {
      throw new WorkspaceError({
        code: "engine",
        message: "more than a query, or none",
        hint: "Write one SELECT.",
      });
    }
    return this.#frame(statement, parameters);
  }

  #frame(sql: string, parameters: readonly Value[]): LazyDataFrame {
    return planned(this.#tables, withLiterals(sql, parameters));
  }

  /** Names a table of the rows of all frames. */
  #register(name: string, frames: readonly LazyDataFrame[]): void {
    const [first, ...others] = frames;
    if (first === undefined) throw new WorkspaceError({ code: "engine", message: `no files for ${name}` });
    this.#tables.register(name, others.length === 0 ? first : this.#settings.polars.concat([...frames]));
  }

  /** As `#collected`, for a frame that is smaller than what it is made from: Polars streams to files alone. */
  async #streamed(signal: AbortSignal | undefined, plan: () => LazyDataFrame): Promise<DataFrame> {
    const path = this.#spillPath("parquet");
    try {
      await this.#collected(signal, () => plan().sinkParquet(path, SPILLED));
      return await this.#collected(signal, () => this.#settings.polars.scanParquet(path, AS_NAMED));
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Waits for the statements before, so that two do not share the memory, and runs one on Polars' own threads. */
  async #collected(signal: AbortSignal | undefined, plan: () => LazyDataFrame): Promise<DataFrame> {
    const before = this.#last;
    const mine = (async () => {
      await before;
      heed(signal);
      try {
        const frame = await plan().collect({ streaming: true });
        heed(signal);
        return frame;
      } catch (error) {
        throw polarsError(error);
      }
    })();
    this.#last = mine.catch(() => {});
    return mine;
  }
}

function heed(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw stopped();
}

/** The statements of a text, which Polars takes one at a time. */
function statementsOf(sql: string): string[] {
  const statements = [""];
  for (const { kind, text } of sqlPieces(sql)) {
    const [first = "", ...rest] = kind === "code" ? text.split(";") : [kind === "comment" ? " " : text];
    statements.push((statements.pop() ?? "") + first, ...rest);
  }
  return statements.filter((statement) => statement.trim() !== "");
}
