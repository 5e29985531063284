import { RecordBatchReader } from "apache-arrow";
import type { RecordBatch } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";

import { pageValues } from "../table/page-values.ts";
import type { ArrowPage } from "../table/table-pages.ts";

/**
 * Decodes one window of a table. The reader keeps one dictionary for the stream, so text that repeats is
 * decoded once; decimals become numbers, times of day and intervals text. `came` is told of all that is there whenever a batch has come.
 *
 * @throws {WorkspaceError} what the stream ended with, `internal` when it holds no schema
 */
export async function readPage(
  messages: AsyncIterable<Uint8Array>,
  came?: (page: ArrowPage) => void,
): Promise<ArrowPage> {
  const source = atOnce(messages);
  const reader = await RecordBatchReader.from(source);
  await reader.open();
  // Taken now: at its end the reader forgets it. A stream that ended before its schema never had one.
  const schema = reader.schema as ArrowPage["schema"] | undefined;
  if (schema === undefined) {
    throw new WorkspaceError({ code: "internal", message: "the table came without a schema" });
  }
  const batches: RecordBatch[] = [];
  for await (const batch of reader) {
    batches.push(pageValues(batch));
    came?.({ schema, batches });
  }
  // The reader leaves the source where Arrow's own end is: what ended the stream, and who waits for its end, is after it.
  for await (const rest of source) if (rest.length > 0) throw afterEnd();
  return { schema, batches };
}

function afterEnd(): WorkspaceError {
  return new WorkspaceError({ code: "internal", message: "a table goes on after its end" });
}

const NOTHING = new Uint8Array(0);

/**
 * apache-arrow 21 asks for the next message before it gives the last one, when that ended where a message does: with
 * nothing in between, a batch is given as soon as it is there.
 */
async function* atOnce(messages: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const message of messages) {
    yield message;
    yield NOTHING;
  }
}
