import type { RecordBatch } from "apache-arrow";

import { clockAsText } from "./clock.ts";
import { convertedBatch } from "./converted.ts";
import { decimalsAsNumbers } from "./decimals.ts";

/** A batch with a value of JavaScript in place of what has none in Arrow: a number for a decimal, text for a time of day. */
export function pageValues(batch: RecordBatch): RecordBatch {
  return convertedBatch(batch, (data) => clockAsText(decimalsAsNumbers(data)));
}
