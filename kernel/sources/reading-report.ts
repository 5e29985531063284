import { basename } from "node:path";

import type { IngestContext } from "./source.ts";

const EVERY_MS = 200;

/** Reports records and bytes of a file that is read, a few times a second. */
export function readingReport(
  path: string,
  totalBytes: number,
  context: Pick<IngestContext, "progress">,
): (records: number, bytes: number) => void {
  const phase = `reading ${basename(path)}`;
  let last = 0;
  return (records, bytes) => {
    const now = Date.now();
    if (now - last < EVERY_MS) return;
    last = now;
    context.progress({ phase, records, bytes, totalBytes, fraction: bytes / totalBytes });
  };
}
