import { RecordBatchReader } from "apache-arrow";
import type { RecordBatch } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";

import type { ArrowPage } from "../table/table-pages.ts";

/**
 * Decodes one window of a table. The reader keeps one dictionary for the stream, so text that repeats is
 * decoded once.
 *
 * @throws {WorkspaceError} what the stream ended with, `internal` when it holds no schema
 */
export async function readPage(messages: AsyncIterable<Uint8Array>): Promise<ArrowPage> {
  const reader = await RecordBatchReader.from(messages);
  await reader.open();
  // Taken now: at its end the reader forgets it. A stream that ended before its schema never had one.
  const schema = reader.schema as ArrowPage["schema"] | undefined;
  if (schema === undefined) {
    throw new WorkspaceError({ code: "internal", message: "the table came without a schema" });
  }
  const batches: RecordBatch[] = [];
  for await (const batch of reader) batches.push(batch);
  return { schema, batches };
}
