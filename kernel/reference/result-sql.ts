import { quoteName } from "../engines/engine.ts";
import type { JoinedColumns } from "./joined-columns.ts";
import { ROW, keyOf, placeOf } from "./match-sql.ts";
import type { PassContig } from "./match-sql.ts";

/** For each row of a table of variants, in its order, what `chosen` and `near` hold for it. */
export function addedSql(variants: string, contigs: readonly PassContig[], added: JoinedColumns): string {
  return `
    select ${foundNames("one_c", "one_n", added).join(", ")}
    from (select ${quoteName(ROW)}, ${keyOf(contigs)} as "karyon key" from ${quoteName(variants)}) as one_v
    left join chosen as one_c on one_v."karyon key" = one_c.key
    left join near as one_n on one_c.r = one_n."karyon r"
    order by one_v.${quoteName(ROW)}`;
}

/** What was found for variants of several samples, by the variant itself. */
export function foundSql(added: JoinedColumns): string {
  return `
    select batch_w.pos as "karyon pos", batch_w.ref as "karyon ref", batch_w.alt as "karyon alt", ${foundNames("batch_c", "batch_n", added).join(", ")}
    from wanted as batch_w
    join chosen as batch_c on batch_w.key = batch_c.key
    join near as batch_n on batch_c.r = batch_n."karyon r"`;
}

/** {@link addedSql} for one of several samples, over the kept table of {@link foundSql}. */
export function addedByVariantSql(
  { variants, found }: { readonly variants: string; readonly found: string },
  contigs: readonly PassContig[],
  added: JoinedColumns,
): string {
  const names = [...added.columns.map(({ to }) => to), added.match].map(
    (name) => `found.${quoteName(name)} as ${quoteName(name)}`,
  );
  return `
    select ${names.join(", ")}
    from (select ${quoteName(ROW)}, ref, alt, ${placeOf(contigs)} as "karyon place" from ${quoteName(variants)}) as many_v
    left join ${quoteName(found)} as found on many_v."karyon place" = found."karyon pos" and many_v.ref = found."karyon ref" and many_v.alt = found."karyon alt"
    order by many_v.${quoteName(ROW)}`;
}

/** The columns that are added: of the row, but for the ids where there are several. */
function foundNames(chosen: string, near: string, { columns, match }: JoinedColumns): string[] {
  const names = columns.map(({ from, to }) => {
    const value = `${near}.${quoteName(from)}`;
    return `${from === "id" ? `coalesce(${chosen}.ids, ${value})` : value} as ${quoteName(to)}`;
  });
  return [...names, `${chosen}.found as ${quoteName(match)}`];
}
