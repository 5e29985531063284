/** Numbers as people read them: thousands separated, true minus sign, units, no digit that means nothing. */

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const BYTE_UNITS = ["bytes", "KB", "MB", "GB", "TB"] as const;
const MINUS = "\u2212";

/** `4257537` → `4,257,537`. */
export function count(value: number | bigint): string {
  return GROUPED.format(value).replace("-", MINUS);
}

/** `1 row`, `2 rows`. */
export function counted(value: number | bigint, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${Number(value) === 1 ? one : many}`;
}

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

/** A weight: always a sign but for zero, two decimals. `-1.3` → `−1.30`. */
export function signed(value: number): string {
  if (!Number.isFinite(value)) return decimal(value);
  const text = Math.abs(value).toFixed(2);
  return Number(text) === 0 ? "0.00" : `${value < 0 ? MINUS : "+"}${text}`;
}

/** Millions above a million, with one decimal, so that a moving number keeps its width: `31.0 M`. */
export function rounded(value: number): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : count(value);
}

/** Decimal units, two significant digits below ten: `4.9 MB`, `61 MB`. */
export function bytes(value: number): string {
  let unit = 0;
  let size = value;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const text = unit > 0 && size < 9.95 ? size.toFixed(1) : count(size);
  return `${text} ${unit === 0 && value === 1 ? "byte" : (BYTE_UNITS[unit] ?? "")}`;
}

/** `6 ms` · `4.9 s` · `38 s` · `4 min 12 s` · `1 h 4 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return join(Math.floor(minutes / 60), "h", minutes % 60, "min");
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

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
