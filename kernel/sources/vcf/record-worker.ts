/** Entry of the thread that `readInWorker` starts. */
import { parentPort, workerData } from "node:worker_threads";

import { BUILD, anotherBuild } from "#protocol/build.ts";
import { errorInfo } from "#protocol/error.ts";

import type { FromReader, ReaderStart, ToReader } from "./read-in-worker.ts";
import { readRecords } from "./read-records.ts";

/** The least time between two reports. */
const REPORT_EVERY_MS = 50;

const waiting = new Map<number, () => void>();
let parts = 0;
let reported = 0;

parentPort?.on("message", ({ written }: ToReader) => {
  waiting.get(written)?.();
  waiting.delete(written);
});

try {
  const { job, build } = workerData as ReaderStart;
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

function send(message: FromReader): void {
  parentPort?.postMessage(message);
}
