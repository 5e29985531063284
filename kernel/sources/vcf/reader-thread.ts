import { Worker } from "node:worker_threads";

import { BUILD } from "#protocol/build.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { ColumnBatch } from "../../columns/column-data.ts";
import type { ReadJob, Reading, Report, WritePart } from "./read-records.ts";
import type { TableName } from "./reader-part.ts";

/** What the thread says. `part` is answered with its id once it is written. */
export type FromReader =
  | { readonly type: "part"; readonly id: number; readonly table: TableName; readonly batch: ColumnBatch }
  | { readonly type: "report"; readonly records: number; readonly bytes: number }
  | { readonly type: "done"; readonly reading: Reading }
  | { readonly type: "failed"; readonly error: ErrorInfo };

/** What the thread is told: its work, and the build of whoever wants it; later that a part is written, go on. */
export type ToReader =
  | { readonly type: "read"; readonly job: ReadJob; readonly build: string | null }
  | { readonly type: "written"; readonly id: number };

/**
 * `readRecords` on a thread of its own: while it looks at every byte of the text, this one hands parts to the engine.
 * The columns lie in memory that both see, and that is given back when the thread ends: one reads one file. To start
 * takes it as long as to look into the file, and so it may be started before its work is known.
 */
export class ReaderThread {
  readonly #worker = new Worker(new URL("./record-worker.js", import.meta.url), { execArgv: [] });
  /** Rejects, when it ends. */
  readonly #end: Promise<never>;

  constructor() {
    this.#end = new Promise<never>((_resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("exit", () => reject(new Error("the thread that reads ended")));
    });
    // It may end with nobody to wait for it.
    this.#end.catch(() => {});
  }

  /** Reads one file, and ends. What fails here or there, or the signal, ends it before. */
  async read(job: ReadJob, write: WritePart, report: Report, signal: AbortSignal): Promise<Reading> {
    const worker = this.#worker;
    const writing = new Set<Promise<void>>();
    const tell = (message: ToReader): void => worker.postMessage(message);
    try {
      const reading = new Promise<Reading>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        signal.throwIfAborted();
        worker.on("message", (message: FromReader) => {
          switch (message.type) {
            case "part": {
              const { id } = message;
              const written = write(message.table, message.batch)
                .then(() => tell({ type: "written", id }))
                .catch(reject)
                .finally(() => writing.delete(written));
              writing.add(written);
              return;
            }
            case "report":
              return report(message.records, message.bytes);
            case "done":
              return resolve(message.reading);
            case "failed":
              return reject(new WorkspaceError(message.error));
          }
        });
      });
      tell({ type: "read", job, build: BUILD });
      return await Promise.race([reading, this.#end]);
    } finally {
      await this.end();
      await Promise.all(writing);
    }
  }

  /** Ends it, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
