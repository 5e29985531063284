import { Data, Float64, TimeUnit, Type, makeData } from "apache-arrow";
import type { DateDay, DateUnit, Timestamp } from "apache-arrow";

import { hasDate } from "../words/times.ts";
import { converted } from "./converted.ts";
import type { ArrowPage } from "./table-pages.ts";

/**
 * Dates and times that are infinite or far: Arrow throws on one that is no safe number of milliseconds, and gives the
 * end of time as any other day.
 */

/** What DuckDB writes for `infinity`; turned round for `-infinity`. */
const INFINITE_DAYS = 2 ** 31 - 1;
const INFINITE_TIME = 2n ** 63n - 1n;

/** The rows to look at: a date or time is its milliseconds since 1970, an infinite one is an infinite number. */
export function timesAsNumbers(page: ArrowPage): ArrowPage {
  return withTimes(page, (times) => {
    const { offset, length, nullCount, nullBitmap } = times;
    const data = milliseconds(times);
    return makeData({ type: new Float64(), offset, length, nullCount, nullBitmap, data });
  });
}

/**
 * The rows for scripts: a date or time that no Date holds is null. A plot leaves out a null; an infinite number would
 * become an end of its axis.
 */
export function farTimesAsNull(page: ArrowPage): ArrowPage {
  return withTimes(page, (times) => {
    const { type, length, values } = times;
    const numbers = milliseconds(times);
    if (numbers.every(hasDate)) return times;
    const nullBitmap = new Uint8Array(Math.ceil(length / 8));
    for (let row = 0; row < length; row++) {
      if (times.getValid(row) && hasDate(numbers[row] ?? 0)) {
        nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
      }
    }
    return new Data(type, 0, length, -1, [undefined, values, nullBitmap]);
  });
}

type Times = Data<DateDay> | Data<Timestamp>;

function withTimes(page: ArrowPage, change: (times: Times) => Data): ArrowPage {
  return converted(page, (data) => (isTimes(data) ? change(data) : data));
}

/** Days are the only dates that the kernel sends. */
function isTimes(data: Data): data is Times {
  return data.typeId === Type.Date || data.typeId === Type.Timestamp;
}

function milliseconds({ type, values }: Times): Float64Array {
  if (values instanceof Int32Array) return Float64Array.from(values, ofDays);
  const times = new Float64Array(values.length);
  for (const [row, value] of values.entries()) times[row] = ofTime(value, type.unit);
  return times;
}

function ofDays(days: number): number {
  return Math.abs(days) === INFINITE_DAYS ? days * Infinity : days * 86_400_000;
}

/** To the bit what Arrow makes of one that is not too far. */
function ofTime(time: bigint, unit: TimeUnit | DateUnit): number {
  if (time === INFINITE_TIME) return Infinity;
  if (time === -INFINITE_TIME) return -Infinity;
  const inMillisecond =
    unit === TimeUnit.MICROSECOND ? 1000n : unit === TimeUnit.NANOSECOND ? 1_000_000n : 1n;
  const whole = Number(time / inMillisecond) + Number(time % inMillisecond) / Number(inMillisecond);
  return unit === TimeUnit.SECOND ? 1000 * whole : whole;
}
