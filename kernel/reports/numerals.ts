const MINUS = "\u2212";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A whole or decimal number with thousands separated and a true minus sign: `4,257,537`, `−1.5`. */
export function grouped(value: number): string {
  const [whole = "", fraction] = String(Math.abs(value)).split(".");
  const sign = value < 0 ? MINUS : "";
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** `2026-11-22T14:02:31Z` as `22 Nov 2026, 14:02 UTC`; a text of another shape as it is. */
export function moment(iso: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(iso);
  if (parts === null) return iso;
  const [, year, month, day, time] = parts;
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}, ${time} UTC`;
}
