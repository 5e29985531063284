/** What the page alone says with numbers; what the command line says, too, is in `#protocol/numerals.ts`. */

import { count, counted } from "#protocol/numerals.ts";

const MINUS = "\u2212";

/** With up to `digits` decimals and no trailing zeros; very large and very small values in powers of ten. */
export function decimal(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : `${MINUS}∞`;
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 10 ** -digits)) {
    return value.toExponential(2).replaceAll("-", MINUS).replace("e+", "e");
  }
  return formatOf(digits).format(value).replace("-", MINUS);
}

const formats = new Map<number, Intl.NumberFormat>();

/** Made once for each number of digits: making one costs as much as a hundred numbers. */
function formatOf(digits: number): Intl.NumberFormat {
  const known = formats.get(digits) ?? new Intl.NumberFormat("en-US", { maximumFractionDigits: digits });
  formats.set(digits, known);
  return known;
}

/** Millions above a million, with one decimal, so that a moving number keeps its width: `31.0 M`. */
export function rounded(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : count(value);
}

/** `mm:ss` of a time that runs. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${twoDigits(Math.floor(whole / 60))}:${twoDigits(whole % 60)}`;
}

/** How long ago, in the one unit that matters: `just now`, `3 min ago`, `5 days ago`. */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (Number.isNaN(seconds)) return iso;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return `${counted(Math.round(seconds / 86_400), "day")} ago`;
}

/** `22 Nov 2025, 14:02` in the clock of the reader. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return `${day}, ${date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens > 10 && tens < 14 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${suffix}`;
}

/** The first six digits of a hash, as the page shows it everywhere. */
export function shortHash(hash: string): string {
  return `#${hash.slice(0, 6)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
