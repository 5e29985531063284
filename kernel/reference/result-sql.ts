import { quoteName } from "../engines/engine.ts";
import { MATCH } from "./joined-columns.ts";
import type { Added } from "./joined-columns.ts";
import { ROW, inContigs, numberedShards, placeOf } from "./match-sql.ts";
import type { PassContig } from "./match-sql.ts";

/** Rows of the shards for the variants that have one, by the key of the variant; `karyon key` is that key. */
export function foundSql(contigs: readonly PassContig[], added: readonly Added[]): string {
  const columns = added.map(({ from, to }) =>
    from === "id"
      ? `coalesce(result_c.ids, result_s.${quoteName(from)}) as ${quoteName(to)}`
      : `result_s.${quoteName(from)} as ${quoteName(to)}`,
  );
  const shards = numberedShards(
    contigs,
    added.map(({ from }) => from),
  );
  return `
    select result_c.key as "karyon key", ${columns.join(", ")}, result_c.found as ${quoteName(MATCH)}
    from (${shards}) as result_s join chosen as result_c on result_s.r = result_c.row`;
}

/** All variants of some contigs, in their order, each with what was found. */
export function joinedSql(
  variants: string,
  contigs: readonly PassContig[],
  columns: readonly string[],
  added: readonly Added[],
  found: string,
): string {
  const names = [
    ...columns.map((name) => `result_v.${quoteName(name)} as ${quoteName(name)}`),
    ...[...added.map(({ to }) => to), MATCH].map(
      (name) => `result_f.${quoteName(name)} as ${quoteName(name)}`,
    ),
  ];
  return `
    select ${names.join(", ")}
    from (select *, cast(${quoteName(ROW)} as bigint) as "karyon at" from ${quoteName(variants)} where ${inContigs(contigs)}) as result_v
    left join (${found}) as result_f on result_v."karyon at" = result_f."karyon key"
    order by result_v."karyon at"`;
}

/** What was found for variants of several samples, by the variant itself. */
export function foundByVariantSql(contigs: readonly PassContig[], added: readonly Added[]): string {
  const names = [...added.map(({ to }) => to), MATCH].map(
    (name) => `batch_f.${quoteName(name)} as ${quoteName(name)}`,
  );
  return `
    select batch_w.wpos as "karyon pos", batch_w.wref as "karyon ref", batch_w.walt as "karyon alt", ${names.join(", ")}
    from (${foundSql(contigs, added)}) as batch_f
    join (select key as wkey, pos as wpos, ref as wref, alt as walt from wanted) as batch_w
      on batch_f."karyon key" = batch_w.wkey`;
}

/** {@link joinedSql} for one of several samples, over the kept table `found` of {@link foundByVariantSql}. */
export function joinedByVariantSql(
  variants: string,
  contigs: readonly PassContig[],
  columns: readonly string[],
  added: readonly Added[],
): string {
  const names = [
    ...columns.map((name) => `many_v.${quoteName(name)} as ${quoteName(name)}`),
    ...[...added.map(({ to }) => to), MATCH].map((name) => `found.${quoteName(name)} as ${quoteName(name)}`),
  ];
  return `
    select ${names.join(", ")}
    from (select *, cast(${quoteName(ROW)} as bigint) as "karyon at", ${placeOf(contigs)} + cast(start as bigint) as "karyon place"
      from ${quoteName(variants)} where ${inContigs(contigs)}) as many_v
    left join found on many_v."karyon place" = found."karyon pos" and many_v.ref = found."karyon ref" and many_v.alt = found."karyon alt"
    order by many_v."karyon at"`;
}
