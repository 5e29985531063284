/** A column of the reference and its name in the result. */
export interface Added {
  readonly from: string;
  readonly to: string;
}

/** Name of the column that says how the row of the reference was found: `exact`, `allele`, `trimmed`, or null. */
export const MATCH = "ensembl_match";

const SUFFIX = "_ensembl";
/** Says nothing that the variant's own column does not. */
const LEFT_OUT: ReadonlySet<string> = new Set(["chrom"]);
/** Always with the suffix: people look for it under one name, whatever else the variants hold. */
const ALWAYS_SUFFIXED: ReadonlySet<string> = new Set(["id"]);

/** Columns of a reference that can be taken over. */
export function columnsToAdd(reference: readonly string[]): string[] {
  return reference.filter((name) => !LEFT_OUT.has(name));
}

/**
 * What the reference adds to a table: all in its own order, or those that were `chosen` in theirs. A name that the
 * table has too, in any case of letters, gets `_ensembl`, as often as it takes; what is chosen changes no name.
 */
export function addedColumns(
  own: readonly string[],
  reference: readonly string[],
  chosen: readonly string[] | null,
): Added[] {
  const all = everyColumn(own, columnsToAdd(reference));
  if (chosen === null) return all;
  return chosen.map((name) => {
    const added = all.find(({ from }) => from === name);
    if (added === undefined) throw new Error(`the reference has no column ${name}`);
    return added;
  });
}

function everyColumn(own: readonly string[], shared: readonly string[]): Added[] {
  const taken = new Set([...own, MATCH].map((name) => name.toLowerCase()));
  // A name of the reference that stays as it is must not meet one that is made here.
  for (const name of shared) if (!isSuffixed(name, own)) taken.add(name.toLowerCase());
  return shared.map((from) => {
    if (!isSuffixed(from, own)) return { from, to: from };
    let to = from + SUFFIX;
    while (taken.has(to.toLowerCase())) to += SUFFIX;
    taken.add(to.toLowerCase());
    return { from, to };
  });
}

function isSuffixed(name: string, own: readonly string[]): boolean {
  return (
    ALWAYS_SUFFIXED.has(name) || own.some((one) => one.toLowerCase() === name.toLowerCase()) || name === MATCH
  );
}
