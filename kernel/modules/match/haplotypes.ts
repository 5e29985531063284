import { quoteText } from "../../engines/engine.ts";
import { isArray } from "./array-calls.ts";
import { columnOr, SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";
import { LONGEST } from "./spelled.ts";

/** A called record that puts other bases in the place of as many. */
interface Change {
  /** Number of the record. */
  readonly row: number;
  readonly start: number;
  readonly ref: string;
  /** The allele of each copy: of what is phased, in the order of the genotype. */
  readonly copies: readonly string[];
  /** What is phased together has one; '' for what is phased and names none. Null: not phased. */
  readonly phase_set: string | null;
}

/** A site of several bases, with the records that change some of them. */
interface Site {
  readonly chrom: string;
  readonly start: number;
  readonly ref: string;
  /** Of all modules; as long as `ref`. */
  readonly alts: readonly string[];
  readonly changes: readonly Change[];
}

/**
 * Adds to the parts the sites of several bases, such as `CA→TG`, whose changes the file calls in several records: with
 * the genotype of the whole where it is known which changes lie on one copy, without one where it is not. Left out where
 * a base that the module changes is in no such record, and where anything else touches the site, kept or removed.
 *
 * Source: VCF edge cases A11.
 */
export async function collectHaplotypes(match: Match): Promise<void> {
  const { connection, signal } = match;
  if (isArray(match)) return;
  const sites = await connection.rows<Site>(changedSites(match), [], signal);
  const values = sites.flatMap((site) => {
    const alleles = allelesOf(site);
    if (alleles === null) return [];
    const [first] = site.changes;
    const genotype = isPhaseKnown(site.changes) ? `[${alleles.map(quoteText).join(", ")}]` : "null";
    const places = site.changes.map(({ start }) => start).join(" and ");
    const words =
      genotype === "null"
        ? `variants are called at ${places}: whether they lie on one copy is not stated`
        : `put together from the records at ${places}`;
    return `(${first?.row}, ${quoteText(site.chrom)}, ${site.start}, ${quoteText(site.ref)}, ${genotype}, ${quoteText(words)})`;
  });
  if (values.length === 0) return;
  await connection.run(
    `insert into ${SCRATCH.parts} (file_row_number, chrom, start, ref, genotype, words) values ${values.join(", ")}`,
    [],
    signal,
  );
}

/** SQL: {@link Site}s of which several records, and nothing else, change bases. */
function changedSites(match: Match): string {
  const indexes = `regexp_extract_all(${columnOr(match, "r", "GT", "VARCHAR")}, '[0-9]+')`;
  const touches = `n.chrom = s.chrom and n.start < s.start + length(s.ref) and n."end" >= s.start`;
  return `
    with sites as (
      select chrom, start, ref, list_distinct(flatten(list(alts))) as alts from ${SCRATCH.authored}
      where chrom is not null and start is not null and length(ref) between 2 and ${LONGEST}
        and len(alts) > 0 and list_bool_and(list_transform(alts, lambda alt: length(alt) = length(ref)))
      group by all
    ),
    changes as (
      select chrom, start, "end", {
        row: file_row_number, start: start, ref: ref,
        copies: if(phased, list_transform(${indexes},
          lambda index: list_prepend(ref, string_split(alt, '|'))[index::integer + 1]), genotype),
        phase_set: if(phased, coalesce(${columnOr(match, "r", "PS", "VARCHAR")}, ''), null)
      } as change
      from ${SCRATCH.records} r
      where presence = 'called_variant' and list_bool_and(list_transform(genotype,
        lambda allele: length(allele) = length(ref) and regexp_full_match(allele, '[ACGT]+')))
    ),
    changed as (
      select s.chrom, s.start, s.ref, s.alts, list(n.change order by n.start) as changes
      from sites s join changes n on ${touches}
      group by all
    )
    select * from changed s
    where len(changes) > 1
      and len(changes) = (select count(*) from ${SCRATCH.near} n
        where ${touches} and n.presence not in ('called_hom_ref', 'hom_ref_block'))
      and not exists (select 1 from ${SCRATCH.removed} n where ${touches})
    order by all`;
}

/**
 * The alleles of the whole site, sorted: what each copy has of every record, and the reference between them. Null where
 * that is not known.
 */
function allelesOf({ start, ref, alts, changes }: Site): readonly string[] | null {
  const called = new Set<number>();
  const alleles = (changes[0]?.copies ?? []).map(() => ref.split(""));
  for (const change of changes) {
    if (change.copies.length !== alleles.length) return null;
    for (const [index, base] of change.ref.split("").entries()) {
      const place = change.start - start + index;
      if (place < 0 || place >= ref.length) continue;
      if (base !== ref[place] || called.has(place)) return null;
      called.add(place);
      for (const [copy, allele] of alleles.entries()) allele[place] = change.copies[copy]?.[index] ?? "";
    }
  }
  const isCalled = (base: string, place: number): boolean => base === ref[place] || called.has(place);
  if (!alts.every((alt) => alt.split("").every(isCalled))) return null;
  return alleles.map((allele) => allele.join("")).toSorted();
}

/**
 * Whether it is known which changes lie on one copy: those that are on one copy alone are one, or in one phase set.
 * Records that are phased and name none are in one. Source: VCFv4.3 §1.6.2, PS.
 */
function isPhaseKnown(changes: readonly Change[]): boolean {
  const onOne = changes.filter(({ copies }) => new Set(copies).size > 1);
  const sets = new Set(onOne.map(({ phase_set: set }) => set));
  return onOne.length < 2 || (sets.size === 1 && !sets.has(null));
}
