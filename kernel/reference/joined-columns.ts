/** A column of the reference and its name in the result. */
export interface Added {
  readonly from: string;
  readonly to: string;
}

/** What a join adds to a table. */
export interface JoinedColumns {
  readonly columns: readonly Added[];
  /** Name of the column that says how the row of the reference was found: `exact`, `allele`, `trimmed`, or null. */
  readonly match: string;
}

const MATCH = "ensembl_match";

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
 * table has too, in any case of letters, gets `_ensembl`, as often as it takes, also that of the match: a table may
 * come out of another join. What is chosen changes no name.
 */
export function joinedColumns(
  own: readonly string[],
  reference: readonly string[],
  chosen: readonly string[] | null,
): JoinedColumns {
  const all = everyColumn(own, columnsToAdd(reference));
  const match = firstFree(MATCH, lowerCased([...own, ...all.map(({ to }) => to)]));
  if (chosen === null) return { columns: all, match };
  const columns = chosen.map((name) => {
    const added = all.find(({ from }) => from === name);
    if (added === undefined) throw new Error(`the reference has no column ${name}`);
    return added;
  });
  return { columns, match };
}

function everyColumn(own: readonly string[], shared: readonly string[]): Added[] {
  const taken = lowerCased([...own, MATCH]);
  // A name of the reference that stays as it is must not meet one that is made here.
  for (const name of shared) if (!isSuffixed(name, own)) taken.add(name.toLowerCase());
  return shared.map((from) => {
    if (!isSuffixed(from, own)) return { from, to: from };
    const to = firstFree(from + SUFFIX, taken);
    taken.add(to.toLowerCase());
    return { from, to };
  });
}

function isSuffixed(name: string, own: readonly string[]): boolean {
  return (
    ALWAYS_SUFFIXED.has(name) || own.some((one) => one.toLowerCase() === name.toLowerCase()) || name === MATCH
  );
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name.toLowerCase()) ? firstFree(name + SUFFIX, taken) : name;
}

function lowerCased(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
