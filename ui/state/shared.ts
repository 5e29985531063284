/**
 * The new values, each that says the same as the old one of its name being that one: what hangs on it is not drawn
 * again.
 */
export function shared<Value>(
  before: readonly Value[],
  after: readonly Value[],
  nameOf: (value: Value) => string,
): readonly Value[] {
  const old = new Map(before.map((value) => [nameOf(value), value]));
  return after.map((value) => {
    const known = old.get(nameOf(value));
    return known !== undefined && JSON.stringify(known) === JSON.stringify(value) ? known : value;
  });
}
