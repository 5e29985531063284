import { isArray, isAtSite } from "./array-calls.ts";
import { answeredInside } from "./blocks.ts";
import { compared } from "./compared.ts";
import { otherBases } from "./parts.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";
import { isWhole } from "./split.ts";
import { spelledOtherwise } from "./spelled.ts";
import { alternatesOf, isStructural } from "./structural.ts";

/**
 * Presence of records whose genotype may be compared. A half call, a polyploid call or a block without evidence
 * would otherwise meet a row of one allele or of the reference by accident.
 */
const COMPARABLE = "('called_variant', 'called_hom_ref', 'hom_ref_block')";

/**
 * Collects the records that each module looks at: those at its positions and those with an ID it needs. Makes the
 * empty table that {@link matchModule} fills.
 *
 * `byPosition`, `byRsid`: indexes of the modules that are joined so.
 */
export async function collectProbed(
  { connection, signal }: Match,
  byPosition: readonly number[],
  byRsid: readonly number[],
): Promise<void> {
  await connection.run(
    `create or replace table ${SCRATCH.probed} as
     select s.module_index, r.file_row_number
     from ${SCRATCH.records} r join ${SCRATCH.sites} s on s.chrom = r.chrom and s.start = r.start
     where ${isOneOf("s.module_index", byPosition)}
     union
     select s.module_index, i.file_row_number
     from ${SCRATCH.ids} i join ${SCRATCH.sites} s on s.rsid = i.id
     where ${isOneOf("s.module_index", byRsid)}
       or (${isOneOf("s.module_index", byPosition)} and (s.chrom is null or s.start is null));
     create or replace table ${SCRATCH.matches} (
       module_index INTEGER, authored_row BIGINT, file_row_number BIGINT, inside BOOLEAN, part BOOLEAN)`,
    [],
    signal,
  );
}

/**
 * Pairs the authored rows of one module with the records of the genome: by position and genotype where the REF
 * agrees or the module states none, also where the same is spelled otherwise, or by a part of a record; by rsID and
 * genotype where a row has no place; a reference genotype also with the block that its site lies `inside`. A genotype is
 * compared as the list it is: the record's is sorted, the module's stands as authored; see {@link compared} for where
 * there is one copy. Every row that agrees gives its own pair.
 */
export async function matchModule(match: Match, index: number, key: "position" | "rsid"): Promise<void> {
  const { connection, signal } = match;
  if (isArray(match)) return matchArray(match, index);
  const byId = key === "rsid" ? "true" : "(a.chrom is null or a.start is null)";
  const byPosition = key === "position";
  const more = byPosition ? `union all ${answeredInside(index)} union all ${otherBases(index)}` : "";
  await connection.run(
    `insert into ${SCRATCH.matches}
     ${byPosition ? `with spelled as materialized (${spelledOtherwise(index)})` : ""}
     select a.module_index, a.authored_row, r.file_row_number, false as inside, false as part
     from ${SCRATCH.authored} a
     join ${SCRATCH.records} r on r.chrom = a.chrom and r.start = a.start and ${compared("r")} = ${compared("a")}
     where a.module_index = ${index} and ${byPosition} and (a.ref is null or a.ref = r.ref)
       and r.presence in ${COMPARABLE} and ${isWhole("r")}
       and (${isStructural("a.alts")} or not ${isStructural(alternatesOf("r"))})
     union all
     select a.module_index, a.authored_row, r.file_row_number, false as inside, false as part
     from ${SCRATCH.authored} a
     join ${SCRATCH.ids} i on i.id = a.rsid
     join ${SCRATCH.records} r on r.file_row_number = i.file_row_number
       and ${compared("r")} = ${compared("a", "r")}
     where a.module_index = ${index} and ${byId} and r.presence in ${COMPARABLE} and ${isWhole("r")}
     ${more}`,
    [],
    signal,
  );
}

/**
 * Pairs the authored rows of one module with the calls of an array that can be compared, by rsID and genotype. Whether a
 * person has one copy there goes by the module's place: the file's is of its own build.
 */
async function matchArray({ connection, signal }: Match, index: number): Promise<void> {
  await connection.run(
    `insert into ${SCRATCH.matches}
     select a.module_index, a.authored_row, r.file_row_number, false as inside, false as part
     from ${SCRATCH.authored} a
     join ${SCRATCH.onArray} c on ${isAtSite("a")}
     join ${SCRATCH.records} r using (file_row_number)
     where a.module_index = ${index} and c.presence in ${COMPARABLE} and ${compared("r", "a")} = ${compared("a")}`,
    [],
    signal,
  );
}

/**
 * Adds the records that modules met away from their positions to those that they looked at. Once all modules are
 * matched: DuckDB packs numbers by what a table holds when it plans, and what another connection adds meanwhile comes
 * out as another number.
 */
export async function collectMet({ connection, signal }: Match): Promise<void> {
  await connection.run(
    `insert into ${SCRATCH.probed}
     select module_index, file_row_number from ${SCRATCH.matches} where not inside
     except from ${SCRATCH.probed}`,
    [],
    signal,
  );
}

/** SQL: pairs of position and genotype that only the REF keeps apart, by module. */
export function refMismatches(byPosition: readonly number[]): string {
  return `select a.module_index, count(*)::integer as ref_mismatches from ${SCRATCH.authored} a
    join ${SCRATCH.records} r on r.chrom = a.chrom and r.start = a.start and ${compared("r")} = ${compared("a")}
    where ${isOneOf("a.module_index", byPosition)} and a.ref is not null and a.ref <> r.ref
      and r.presence in ${COMPARABLE}
    group by 1`;
}

/** SQL: whether an index is in a list, which may be empty. */
function isOneOf(index: string, list: readonly number[]): string {
  return list.length === 0 ? "false" : `${index} in (${list.join(", ")})`;
}
