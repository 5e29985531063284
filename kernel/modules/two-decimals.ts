/** To two decimals, halves away from zero; a negative zero is zero. */
export function twoDecimals(value: number): number {
  // Less than a half may stand for one: 1.005 is a little less in binary.
  return Math.round(value * 100 + Math.sign(value) * 1e-9) / 100 + 0;
}
