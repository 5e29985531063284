// A program that is built, for its places in what goes wrong.
interface Row {
  readonly digits: number;
}

function keyOf(row: Row | null): string {
  if (row === null) throw new TypeError("no row");
  return (1).toString(row.digits);
}

export function stackOf(digits: number | null): string | undefined {
  try {
    keyOf(digits === null ? null : { digits });
    return undefined;
  } catch (error) {
    return (error as Error).stack;
  }
}
