import { RecordBatch } from "apache-arrow";
import type { Data, DataType } from "apache-arrow";

import type { ArrowPage } from "./table-pages.ts";

/** Rows with some of their values in another form; the schema stays, and says what they are in the table. */
export function converted({ schema, batches }: ArrowPage, change: (data: Data) => Data): ArrowPage {
  return { schema, batches: batches.map((batch) => convertedBatch(batch, change)) };
}

/** The same batch when nothing is in another form. */
export function convertedBatch(batch: RecordBatch, change: (data: Data) => Data): RecordBatch {
  const data = convertedData(batch.data, change);
  return data === batch.data ? batch : new RecordBatch(batch.schema, data);
}

/** Data, also inside lists and structures. What is empty may have no children at all, whatever its type says. */
export function convertedData<T extends DataType>(data: Data<T>, change: (data: Data) => Data): Data<T> {
  if (data.length === 0) return data;
  const other = change(data);
  if (other !== data) return other as Data<T>;
  const children = data.children.map((child) => convertedData(child, change));
  if (children.every((child, index) => child === data.children[index])) return data;
  const { type, offset, length, nullCount } = data;
  return data.clone(type, offset, length, nullCount, data.buffers, children);
}
