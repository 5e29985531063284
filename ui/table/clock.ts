import { Type, Utf8, Vector, makeData } from "apache-arrow";
import type { Data, Interval, Time } from "apache-arrow";

/** Nanoseconds in a unit of Arrow, by its code: second, millisecond, microsecond, nanosecond. */
const UNITS = [1_000_000_000n, 1_000_000n, 1_000n, 1n];
const SECOND = 1_000_000_000n;
const YEAR_MONTHS = 12;

/** Times of day and intervals as text, as DuckDB writes it: JavaScript has no value for either. Anything else as it is. */
export function clockAsText(data: Data): Data {
  if (isTime(data)) return texts(data, (value) => clockText(BigInt(value) * (UNITS[data.type.unit] ?? 1n)));
  return isInterval(data) ? texts(data, intervalText) : data;
}

function isTime(data: Data): data is Data<Time> {
  return data.typeId === Type.Time;
}

/** The kernel sends months, days and nanoseconds alone. */
function isInterval(data: Data): data is Data<Interval> {
  return data.typeId === Type.Interval;
}

function texts<T extends Time | Interval>(
  data: Data<T>,
  textOf: (value: NonNullable<T["TValue"]>) => string,
): Data {
  const { offset, length, nullCount, nullBitmap } = data;
  const parts: string[] = [];
  const valueOffsets = new Int32Array(offset + length + 1);
  let end = 0;
  let row = offset;
  for (const value of new Vector([data])) {
    // Digits, signs and English: a character is a byte.
    if (value !== null) end += parts[parts.push(textOf(value)) - 1]?.length ?? 0;
    valueOffsets[++row] = end;
  }
  // Without a builder of apache-arrow: those compile code from text, which the page's policy forbids.
  const bytes = new TextEncoder().encode(parts.join(""));
  return makeData({ type: new Utf8(), offset, length, nullCount, nullBitmap, valueOffsets, data: bytes });
}

/** `10:00:00.5`; hours go on beyond a day. */
function clockText(nanoseconds: bigint): string {
  const [sign, all] = nanoseconds < 0n ? ["-", -nanoseconds] : ["", nanoseconds];
  const two = (value: bigint): string => String(value).padStart(2, "0");
  const seconds = all / SECOND;
  const rest = all % SECOND;
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
  return `${sign}${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`;
}

/** `1 year 2 months 3 days 04:05:06`: four words of 32 bits, of which the last two are nanoseconds. */
function intervalText(words: Int32Array): string {
  const [months = 0, days = 0, low = 0, high = 0] = words;
  const nanoseconds = (BigInt(high) << 32n) | BigInt(low >>> 0);
  const parts = [
    counted(Math.trunc(months / YEAR_MONTHS), "year"),
    counted(months % YEAR_MONTHS, "month"),
    counted(days, "day"),
  ].filter((part) => part !== "");
  if (nanoseconds !== 0n || parts.length === 0) parts.push(clockText(nanoseconds));
  return parts.join(" ");
}

function counted(number: number, unit: string): string {
  return number === 0 ? "" : `${number} ${unit}${Math.abs(number) === 1 ? "" : "s"}`;
}
