/** Entry of a `ReaderThread`. */
import { parentPort } from "node:worker_threads";

import { BUILD, anotherBuild } from "#protocol/build.ts";
import { errorInfo } from "#protocol/error.ts";

import { readRecords } from "./read-records.ts";
import type { ReadJob } from "./read-records.ts";
import { compiledReader } from "./reader-memory.ts";
import type { FromReader, ToReader } from "./reader-thread.ts";

/** The least time between two reports. */
const REPORT_EVERY_MS = 50;

const waiting = new Map<number, () => void>();
let parts = 0;
let reported = 0;

parentPort?.on("message", (message: ToReader) => {
  if (message.type === "read") return void read(message.job, message.build);
  waiting.get(message.id)?.();
  waiting.delete(message.id);
});
// Before the work is known; whether it went well is seen when it is.
compiledReader().catch(() => {});

async function read(job: ReadJob, build: string | null): Promise<void> {
  try {
    const refusal = anotherBuild(build, BUILD);
    if (refusal !== null) throw refusal;
    const reading = await readRecords(
      job,
      (table, batch) => {
        parts += 1;
        const id = parts;
        send({ type: "part", id, table, batch });
        return new Promise((resolve) => waiting.set(id, resolve));
      },
      (records, bytes) => {
        const now = Date.now();
        if (now - reported < REPORT_EVERY_MS) return;
        reported = now;
        send({ type: "report", records, bytes });
      },
      // Whoever stops this ends the thread.
      new AbortController().signal,
    );
    send({ type: "done", reading });
  } catch (error) {
    send({ type: "failed", error: errorInfo(error) });
  }
}

function send(message: FromReader): void {
  parentPort?.postMessage(message);
}
