import type { Schema } from "apache-arrow";
import { DictionaryBatch, Message, RecordBatch } from "apache-arrow/ipc/metadata/message";

import type { Body, DictionaryPart } from "./column.ts";

/** Marks the start of a message, in place of the length that old readers expect. */
const CONTINUATION = -1;
const PREFIX_BYTES = 8;

/** The end-of-stream mark. */
export function endMessage(): Uint8Array {
  const message = new Uint8Array(PREFIX_BYTES);
  new DataView(message.buffer).setInt32(0, CONTINUATION, true);
  return message;
}

export function schemaMessage(schema: Schema): Uint8Array {
  return framed(Message.encode(Message.from(schema)), null);
}

export function batchMessage(rows: number, body: Body): Uint8Array {
  return framed(Message.encode(Message.from(header(rows, body), body.length)), body);
}

export function dictionaryMessage({ id, rows, isDelta, body }: DictionaryPart): Uint8Array {
  const batch = new DictionaryBatch(header(rows, body), id, isDelta);
  return framed(Message.encode(Message.from(batch, body.length)), body);
}

function header(rows: number, body: Body): RecordBatch {
  return new RecordBatch(rows, body.nodes, body.regions, null);
}

/**
 * One encapsulated message: mark, length of the metadata, metadata, body; all parts padded to 8 bytes.
 *
 * Format: https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format
 */
function framed(metadata: Uint8Array, body: Body | null): Uint8Array {
  const metadataLength = Math.ceil(metadata.length / 8) * 8;
  const bodyStart = PREFIX_BYTES + metadataLength;
  const message = new Uint8Array(bodyStart + (body?.length ?? 0));
  const view = new DataView(message.buffer);
  view.setInt32(0, CONTINUATION, true);
  view.setInt32(4, metadataLength, true);
  message.set(metadata, PREFIX_BYTES);
  if (body === null) return message;
  for (const [i, buffer] of body.buffers.entries())
    message.set(buffer, bodyStart + (body.regions[i]?.offset ?? 0));
  return message;
}

/** The messages of an IPC stream that is whole, in its memory, without the end-of-stream mark. */
export function wholeMessages(stream: Uint8Array): Uint8Array[] {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const messages: Uint8Array[] = [];
  for (let at = 0; at + PREFIX_BYTES <= stream.length;) {
    const metadataLength = view.getInt32(at + 4, true);
    if (metadataLength === 0) break;
    const bodyStart = at + PREFIX_BYTES + metadataLength;
    const end = bodyStart + Message.decode(stream.subarray(at + PREFIX_BYTES, bodyStart)).bodyLength;
    messages.push(stream.subarray(at, end));
    at = end;
  }
  return messages;
}
