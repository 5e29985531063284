/** Alleles of more than this in common are few. */
const FEW = 15;

/** Alleles by what they may have in common, with the steps of a search for its length. */
function classesOf(longest: number): { name: string; condition: string; steps: number[] }[] {
  const all = [
    { name: "one", condition: "most = 1 and length(ref) + length(allele) > 2", steps: [1] },
    { name: "few", condition: `most > 1 and most <= ${FEW}`, steps: stepsTo(Math.min(longest, FEW)) },
    { name: "many", condition: `most > ${FEW}`, steps: stepsTo(longest) },
  ];
  return all.slice(0, longest > FEW ? 3 : longest > 1 ? 2 : 1);
}

/** Powers of two, the largest first, that add up to `most` or more. */
function stepsTo(most: number): number[] {
  const count = Math.floor(Math.log2(most)) + 1;
  return Array.from({ length: count }, (_, at) => 2 ** (count - 1 - at));
}

/**
 * Alleles in their shortest form: what REF and the allele have in common at the end is taken off both, then what
 * they have in common at the beginning. Either may become empty, and `tpos` moves past what was taken off in
 * front: `A→AA` at p and `T→TA` at p−1 are both an insertion of `A` before p. Nothing is moved along a repeat:
 * that takes the sequence of the reference.
 *
 * `table` has pos, ref, allele and the columns `kept`; the result has these and tpos, tref, talt. Rows whose
 * allele is REF itself or no plain sequence (`*`, `<DEL>`, a breakend) are left out. The length in common, which is
 * `longest` at the most, is found by halving, for whether it is at least k is one comparison, and needs nothing but what the SQL of DuckDB
 * and of Polars share. (Aliases are never used twice: Polars resolves an outer one by the inner.)
 */
export function trimmedSql(table: string, kept: readonly string[], longest: number): string {
  const others = kept.map((column) => `${column}, `).join("");
  const from = (alias: string, condition: string): string => `
    (select pos, ref, allele, ${others}most from
      (select pos, ref, allele, ${others}least(length(ref), length(allele)) as most from ${table}
        where ref <> allele and allele ~ '^[A-Za-z]+$') as ${alias}_all
      where ${condition}) as ${alias}`;
  const single = `
    select ${others}pos as tpos, ref as tref, allele as talt
    from ${from(`${table}_base`, "length(ref) = 1 and length(allele) = 1")}`;
  const searches = classesOf(longest).map(({ name, condition, steps }) =>
    searched(from(`${table}_${name}`, condition), `${table}_${name}`, others, steps),
  );
  return [single, ...searches].join("\n    union all");
}

function searched(rows: string, alias: string, others: string, steps: readonly number[]): string {
  let from = `(select pos, ref, allele, ${others}most, 0 as k from ${rows}) as ${alias}_0`;
  const search = (side: "left" | "right"): void => {
    for (const step of steps) {
      const longer = `k + ${step}`;
      from = `(select pos, ref, allele, ${others}most,
        case when ${longer} <= most and ${side}(ref, ${longer}) = ${side}(allele, ${longer}) then ${longer} else k end as k
        from ${from}) as ${alias}_${side}${step}`;
    }
  };
  search("right");
  from = `(select pos, left(ref, length(ref) - k) as ref, left(allele, length(allele) - k) as allele, ${others}
    most - k as most, 0 as k from ${from}) as ${alias}_end`;
  search("left");
  return `
    select ${others}pos + k as tpos, substr(ref, k + 1) as tref, substr(allele, k + 1) as talt from ${from}`;
}
