import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { MatrixCounts } from "#protocol/matrix.ts";
import type { Progress } from "#protocol/record.ts";

import type { Connection } from "../engines/engine.ts";
import { quoteName, quoteText } from "../engines/engine.ts";
import { numberedRows, parquetRows } from "../engines/parquet-rows.ts";
import { ParquetConcatenation } from "../parquet/concatenate-parquet.ts";

/** {@link MatrixContext.mostRecords}, when nothing else is said. */
const MOST_RECORDS = 1_000_000;
const CALLS = quoteName("karyon matrix calls");
const ROWS = quoteName("karyon matrix rows");

/** One sample of a matrix; paths are of the two tables of its genome, see `kernel/sources/source.ts`. */
export interface MatrixSample {
  /** `USER/SAMPLE`: its column. */
  readonly name: string;
  readonly variants: string;
  readonly removedSites: string;
  /** Whether its mitochondrion is another sequence: positions of the others mean other bases there. */
  readonly otherMitochondrion: boolean;
}

interface MatrixContext {
  /** Names of contigs that come first, in this order; others come as the samples have them. */
  readonly contigs: readonly string[];
  /** Records that are put side by side at once: contigs are taken together as long as they have no more. */
  readonly mostRecords?: number;
  /** Directory for files that are gone in the end. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/**
 * Writes the genotypes of samples side by side to a Parquet file, in the order of contigs and positions: `chrom`,
 * `start`, `ref` and `rsid`, then of each sample `USER/SAMPLE`, its genotype, and behind all of these of each
 * `USER/SAMPLE presence`, what its file has there. There is one row for each site, by `chrom`, `start` and `ref`, at which a kept record of any sample names
 * an alternate allele. The ALT of records is not compared, so that it may list what it likes.
 *
 * A genotype is that of the record as the variants have it: alleles, sorted, with `/` between; phase, and the `.` of a
 * half call, are left out. It is null where no record of the site states one. That says nothing by itself: the presence
 * does, and is never null. It is that of the record (`called_variant`, `called_hom_ref`, `no_call`, `half_call`,
 * `overlapped`, `polyploid`, `no_data`; `no_genotype` in a file without genotypes), or, where there is no record of the
 * site, the first of these:
 *
 * `not_comparable` the sample's mitochondrion is another sequence, and nothing of it is in the table ·
 * `other_record` another record with an alternate touches the site: the same spelled with another REF, a deletion that
 * reaches over it · `filtered` a record that touches it was removed by a quality rule · `hom_ref_block` records without
 * an alternate, such as the blocks of a gVCF with evidence, say that all of it is the reference · `no_call`, `no_data`
 * records without an alternate touch it, and call nothing, or have too little evidence for all of it · `no_record`
 * nothing touches it. In a file of variants that is most often the reference, and nobody knows where.
 *
 * Several records of a sample at one site (a multi-allelic one that was split, or one that stands twice) share its row:
 * their genotypes stand behind one another in the order of the file, with `, ` between and `.` for none, and the
 * presence is `several_records`, unless they all say the same.
 *
 * What it cannot do: two spellings of one variant with another `start` or `ref` are two rows, in which each sample has
 * `other_record` for the other's, if they touch; records are not left-aligned; one copy (`A`) is not two (`A/A`).
 *
 * Memory is bounded by the records of the largest contig.
 */
export async function sinkMatrix(
  connection: Connection,
  samples: readonly MatrixSample[],
  target: string,
  context: MatrixContext,
): Promise<MatrixCounts> {
  const { scratch, signal, progress } = context;
  const parts = await partsOf(connection, samples, context);
  const whole = await ParquetConcatenation.open(target);
  const path = join(scratch, "part.parquet");
  try {
    const counts: MatrixCounts[] = [];
    for (const [at, contigs] of parts.entries()) {
      progress({ phase: "putting genotypes side by side", fraction: at / parts.length });
      counts.push(await sinkPart(connection, samples, contigs, path, signal));
      await whole.add(path);
      await rm(path);
    }
    await whole.finish();
    return summed(counts);
  } finally {
    await whole.close();
    await connection.run(`drop table if exists ${CALLS}; drop table if exists ${ROWS}`).catch(() => {});
  }
}

/** The contigs of all samples in the order of the table, those together that are looked at together. */
async function partsOf(
  connection: Connection,
  samples: readonly MatrixSample[],
  { contigs: first, mostRecords = MOST_RECORDS, signal }: MatrixContext,
): Promise<string[][]> {
  const records = new Map(first.map((name) => [name, 0]));
  for (const { variants } of samples) {
    const contigs = await connection.rows<{ chrom: string; records: number }>(
      `select chrom, count(*)::double as records from ${numberedRows(variants)}
       group by chrom order by min(file_row_number)`,
      [],
      signal,
    );
    for (const { chrom, records: more } of contigs) records.set(chrom, (records.get(chrom) ?? 0) + more);
  }
  const parts: string[][] = [[]];
  let held = 0;
  for (const [chrom, count] of records) {
    if (held > 0 && held + count > mostRecords) {
      parts.push([]);
      held = 0;
    }
    parts.at(-1)?.push(chrom);
    held += count;
  }
  return parts;
}

/** Writes the rows of some contigs. */
async function sinkPart(
  connection: Connection,
  samples: readonly MatrixSample[],
  contigs: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<MatrixCounts> {
  const run = (sql: string): Promise<void> => connection.run(sql, [], signal);
  await run(`create or replace temp table ${CALLS} as ${callsSql(samples, contigs)}`);
  await run(`create or replace temp table ${ROWS} as ${rowsSql(samples, contigs)}`);
  const columns = [
    ...samples.map(({ name }, at) => `genotype_${at} as ${quoteName(name)}`),
    ...samples.map(({ name }, at) => `presence_${at} as ${quoteName(presenceColumn(name))}`),
  ];
  await connection.sink(
    `select chrom, start, ref, rsid, ${columns.join(", ")} from ${ROWS}
     order by list_position([${quoted(contigs)}], chrom), start, ref`,
    path,
    { signal },
  );
  return countsOf(connection, samples, signal);
}

/** The column that says what a sample's file has at a site. */
export function presenceColumn(name: string): string {
  return `${name} presence`;
}

/** Records of all samples at the sites of the table, by `sample`, from 0, and `row` of its table. */
function callsSql(samples: readonly MatrixSample[], contigs: readonly string[]): string {
  const records = samples.map(
    (sample, at) =>
      `select ${at} as sample, file_row_number as row, chrom, start, "end", ref, rsid,
         nullif(array_to_string(genotype, '/'), '') as genotype, coalesce(presence, 'no_genotype') as presence
       from ${numberedRows(sample.variants)} where ${isIn(contigs, sample)}`,
  );
  const named = records.map((one) => `${one} and alt <> ''`);
  const unnamed = records.map(
    (one) => `${one} and alt = '' and coalesce(presence, '') not in ('hom_ref_block', 'no_call', 'no_data')`,
  );
  return `
    with named as materialized (${named.join(" union all ")})
    select * from named
    union all
    select * from (${unnamed.join(" union all ")}) r semi join named using (chrom, start, ref)`;
}

/** One row for each site: with `records_N`, `genotype_N` and `presence_N` of each sample. */
function rowsSql(samples: readonly MatrixSample[], contigs: readonly string[]): string {
  const own = samples.map((_, at) => {
    const of = `filter (sample = ${at})`;
    return `coalesce(any_value(records) ${of}, 0) as records_${at}, any_value(genotype) ${of} as genotype_${at},
      any_value(presence) ${of} as own_${at}`;
  });
  const around = samples.map((sample, at) => `around_${at} as (${aroundSql(sample, contigs)})`);
  const joins = samples.map(
    (_, at) =>
      `asof left join around_${at} on s.chrom = around_${at}.chrom and s."end" >= around_${at}.start`,
  );
  const columns = samples.map(
    (sample, at) => `records_${at}, genotype_${at},
      case when ${sample.otherMitochondrion ? "s.chrom = 'MT'" : "false"} then 'not_comparable'
        when records_${at} > 0 then own_${at}
        when around_${at}.other >= s.start then 'other_record'
        when around_${at}.removed >= s.start then 'filtered'
        when around_${at}.since <= s.start and around_${at}.reference >= s."end" then 'hom_ref_block'
        when around_${at}.no_call >= s.start then 'no_call'
        when around_${at}.any >= s.start then 'no_data'
        else 'no_record' end as presence_${at}`,
  );
  return `
    with calls as (${togetherSql()}), sites as (
      select chrom, start, ref, max("end") as "end", ${own.join(", ")},
        coalesce(arg_min(rsid, sample) filter (rsid <> ''), '') as rsid
      from calls group by chrom, start, ref
    ), ${around.join(", ")}
    select s.chrom, s.start, s.ref, s.rsid, ${columns.join(", ")} from sites s ${joins.join(" ")}`;
}

/** One call of each sample at each site: `records` of it stand together. They are few: to sort all of them takes long. */
function togetherSql(): string {
  const site = "sample, chrom, start, ref";
  const genotypes = "[call.genotype for call in calls]";
  return `
    with several as materialized (select ${site} from ${CALLS} group by ${site} having count(*) > 1)
    select ${site}, "end", rsid, genotype, presence, 1 as records from ${CALLS} anti join several using (${site})
    union all
    select ${site}, "end", rsid,
      if(len(list_distinct(${genotypes})) = 1, nullif(${genotypes}[1], '.'), array_to_string(${genotypes}, ', ')),
      if(len(list_distinct([[call.genotype, call.presence] for call in calls])) = 1, calls[1].presence, 'several_records'),
      len(calls)
    from (
      select ${site}, max("end") as "end", max(rsid) as rsid,
        list({genotype: coalesce(genotype, '.'), presence: presence} order by row) as calls
      from ${CALLS} semi join several using (${site}) group by ${site}
    )`;
}

/**
 * How far what begins at a place of one sample, or before it, reaches: so a site is touched when what begins before its
 * last base reaches its first one. `reference` without a gap from `since` on.
 */
function aroundSql(sample: MatrixSample, contigs: readonly string[]): string {
  const reach = (kind: string): string => `max("end") filter (kind = '${kind}')`;
  return `
    select distinct on (chrom, start) chrom, start, ${reach("other")} over begun as other,
      ${reach("removed")} over begun as removed, ${reach("no_call")} over begun as no_call,
      ${reach("reference")} over begun as reference, max("end") over begun as "any",
      max(start) filter (kind = 'reference' and coalesce(start > before + 1, true)) over begun as since
    from (
      select *, ${reach("reference")} over (
        partition by chrom order by start, "end" rows between unbounded preceding and 1 preceding) as before
      from (
        select chrom, start, "end", case when alt <> '' then 'other'
          when presence in ('hom_ref_block', 'called_hom_ref') then 'reference'
          when presence in ('no_call', 'no_data') then presence else 'other' end as kind
        from ${parquetRows(sample.variants)} where ${isIn(contigs, sample)}
        union all
        select chrom, start, "end", 'removed' from ${parquetRows(sample.removedSites)} where ${isIn(contigs, sample)}
      )
    )
    window begun as (partition by chrom order by start)`;
}

function isIn(contigs: readonly string[], { otherMitochondrion }: MatrixSample): string {
  return `chrom in (${quoted(contigs)})${otherMitochondrion ? " and chrom <> 'MT'" : ""}`;
}

function quoted(names: readonly string[]): string {
  return names.map(quoteText).join(", ");
}

async function countsOf(
  connection: Connection,
  samples: readonly MatrixSample[],
  signal: AbortSignal,
): Promise<MatrixCounts> {
  const has = samples.map((_, at) => `records_${at} > 0`);
  const counts = samples.map((_, at) => {
    const alone = samples.flatMap((__, other) => (other === at ? [] : [`presence_${other} = 'no_record'`]));
    return `coalesce(sum(records_${at}), 0)::double as records_${at},
      coalesce(sum(greatest(records_${at} - 1, 0)), 0)::double as repeated_${at},
      count(*) filter (${[has[at], ...alone].join(" and ")})::double as only_${at}`;
  });
  const [row = {}] = await connection.rows<Readonly<Record<string, number>>>(
    `select count(*) filter (${has.join(" and ")})::double as shared, ${counts.join(", ")} from ${ROWS}`,
    [],
    signal,
  );
  return {
    shared: row["shared"] ?? 0,
    samples: samples.map(({ name }, at) => ({
      sample: name,
      records: row[`records_${at}`] ?? 0,
      repeated: row[`repeated_${at}`] ?? 0,
      only: row[`only_${at}`] ?? 0,
    })),
  };
}

function summed([first, ...rest]: readonly MatrixCounts[]): MatrixCounts {
  if (first === undefined) throw new Error("no part was counted");
  return rest.reduce(
    (sum, one) => ({
      shared: sum.shared + one.shared,
      samples: sum.samples.map((counts, at) => {
        const more = one.samples[at];
        return more === undefined
          ? counts
          : {
              sample: counts.sample,
              records: counts.records + more.records,
              repeated: counts.repeated + more.repeated,
              only: counts.only + more.only,
            };
      }),
    }),
    first,
  );
}
