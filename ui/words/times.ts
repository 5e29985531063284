/** Times as text, each its milliseconds since 1970. */

/** Milliseconds from 1970, either way, that a Date of JavaScript holds. */
const FARTHEST = 8.64e15;
/** After so many years the calendar begins again. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/** Whether a Date of JavaScript holds it. */
export function hasDate(time: number): boolean {
  return Math.abs(time) <= FARTHEST;
}

/** A time as ISO 8601 writes it, `infinity` and `-infinity` as DuckDB does. */
export function timeText(time: number): string {
  if (time === Infinity) return "infinity";
  if (time === -Infinity) return "-infinity";
  if (hasDate(time)) return new Date(time).toISOString();
  const text = new Date(time % CYCLE_MS).toISOString();
  const year = Number(text.slice(0, 4)) + CYCLE_YEARS * Math.trunc(time / CYCLE_MS);
  return `${year < 0 ? "-" : "+"}${Math.abs(year)}${text.slice(4)}`;
}
