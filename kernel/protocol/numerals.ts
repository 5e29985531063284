/** Numbers as people read them, alike in the page, the command line and the report: thousands separated, true minus sign, units. */

const WHOLE = decimals(0);
const BYTE_UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;
const MINUS = "\u2212";
const TWO_DECIMALS = decimals(2);
const THREE_DECIMALS = decimals(3);

/** `4257537` → `4,257,537`. */
export function count(value: number | bigint): string {
  return WHOLE().format(value).replace("-", MINUS);
}

/** `1 row`, `1,024 rows`; the plural is given where an s does not make it. */
export function counted(value: number | bigint, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${Number(value) === 1 ? one : many}`;
}

/** A weight with its sign: `+0.50`, `−1.54`, `0.00`; three decimals where two would change it. */
export function signed(value: number): string {
  const size = Math.abs(value);
  const isExact = Math.abs(size * 100 - Math.round(size * 100)) < 1e-6;
  const text = (isExact ? TWO_DECIMALS() : THREE_DECIMALS()).format(size);
  if (Number(text) === 0) return TWO_DECIMALS().format(0);
  if (Number.isNaN(value)) return text;
  return `${value < 0 ? MINUS : "+"}${text}`;
}

/** Bytes of a MiB, in which memory is measured. */
export const MIB: number = 2 ** 20;

/** In decimal units, two significant digits below ten: `980 bytes`, `4.9 MB`, `61 MB`. */
export function bytes(value: number): string {
  let unit = 0;
  let size = value;
  while (size >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
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
  if (whole < 3600) return inTwoUnits(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return inTwoUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** `≈ 14 s left`, in whole seconds: an estimate has no tenths. */
export function timeLeft(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return `≈ ${whole < 60 ? `${whole} s` : duration(whole)} left`;
}

function inTwoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Made when it is first asked for: that takes a tenth of the time in which a program loads. */
function decimals(digits: number): () => Intl.NumberFormat {
  let made: Intl.NumberFormat | undefined;
  return () =>
    (made ??= new Intl.NumberFormat("en-US", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }));
}
