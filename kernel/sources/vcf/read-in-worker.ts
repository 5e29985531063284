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

/** What the thread begins with: its work, and the build of whoever starts it. */
export interface ReaderStart {
  readonly job: ReadJob;
  readonly build: string | null;
}

/** What the thread is told: this part is written, go on. */
export interface ToReader {
  readonly written: number;
}

/**
 * `readRecords` on a thread of its own: while it looks at every byte of the text, this one hands parts to the engine.
 * The columns lie in memory that both see. What fails here or there, or the signal, ends the thread.
 */
export async function readInWorker(
  job: ReadJob,
  write: WritePart,
  report: Report,
  signal: AbortSignal,
): Promise<Reading> {
  const worker = new Worker(new URL("./record-worker.js", import.meta.url), {
    workerData: { job, build: BUILD } satisfies ReaderStart,
    execArgv: [],
  });
  const writing = new Set<Promise<void>>();
  try {
    return await new Promise<Reading>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      signal.throwIfAborted();
      worker.on("error", reject);
      worker.on("exit", () => reject(new Error("the thread that reads ended")));
      worker.on("message", (message: FromReader) => {
        switch (message.type) {
          case "part": {
            const written = write(message.table, message.batch)
              .then(() => worker.postMessage({ written: message.id } satisfies ToReader))
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
  } finally {
    await worker.terminate();
    await Promise.all(writing);
  }
}
