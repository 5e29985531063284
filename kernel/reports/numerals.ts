const MINUS = "\u2212";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const BYTE_UNITS = ["bytes", "kB", "MB", "GB", "TB"];
const KILO = 1000;

/** A whole or decimal number with thousands separated and a true minus sign: `4,257,537`, `−1.5`. */
export function grouped(value: number): string {
  const [whole = "", fraction] = String(Math.abs(value)).split(".");
  const sign = value < 0 ? MINUS : "";
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A weight with its sign: `+0.50`, `−1.54`, `0.00`; three decimals where two would change it. */
export function signed(value: number): string {
  const size = Math.abs(value);
  const decimals = Math.abs(size * 100 - Math.round(size * 100)) < 1e-6 ? 2 : 3;
  const [whole = "0", fraction = ""] = size.toFixed(decimals).split(".");
  const sign = value > 0 ? "+" : value < 0 ? MINUS : "";
  return `${sign}${grouped(Number(whole))}.${fraction}`;
}

/** `1 variant`, `1,024 variants`; the plural is given where an s does not make it. */
export function counted(value: number, singular: string, plural: string = `${singular}s`): string {
  return `${grouped(value)} ${value === 1 ? singular : plural}`;
}

/** Bytes in decimal units, three figures at the most: `412 MB`, `1.2 GB`, `980 bytes`. */
export function byteSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= KILO && unit < BYTE_UNITS.length - 1) {
    size /= KILO;
    unit += 1;
  }
  return `${unit > 0 && size < 10 ? size.toFixed(1) : grouped(Math.round(size))} ${BYTE_UNITS[unit] ?? ""}`;
}

/** `2026-11-22T14:02:31Z` as `22 Nov 2026, 14:02 UTC`; a text of another shape as it is. */
export function moment(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(iso);
  if (parts === null) return iso;
  const [, year, month, day, time] = parts;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time} UTC`;
}
