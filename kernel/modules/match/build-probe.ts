import { WorkspaceError } from "#protocol/error.ts";

import { isArray } from "./array-calls.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/** Fewer contradictions than this may be errors of a module. */
const CONTRADICTIONS = 5;
/** Share of shared sites that may contradict. */
const TOLERANCE = 0.01;

/**
 * Refuses a file on another genome build when its header names none: by the REF at the positions of the modules,
 * and by the positions of the rsIDs that both know. Coordinates that nobody checked take no part, and a REF that
 * continues the module's, as that of an indel at the same base does, is no contradiction.
 *
 * @returns a clause that says what agreed; null for a header that names its build
 *
 * @throws {WorkspaceError} `source` when five or more, and over 1 % of them, contradict
 */
export async function probeBuild(match: Match): Promise<string | null> {
  const { connection, request, signal } = match;
  // Nothing is compared by the positions of an array.
  if (request.ingest.build.detected !== null || isArray(match)) return null;
  const checked =
    "s.chrom is not null and s.ref is not null and s.coordinate_status not in ('recalled', 'medium')";
  const [refs] = await connection.rows<Probe>(
    `with shared as (
       select r.file_row_number, bool_or(starts_with(r.ref, s.ref) or starts_with(s.ref, r.ref)) as agrees
       from ${SCRATCH.sites} s join ${SCRATCH.records} r on r.chrom = s.chrom and r.start = s.start
       where ${checked} and s.locus_count = 1
       group by r.file_row_number
     )
     select count(*)::integer as shared, (count(*) filter (not agrees))::integer as against from shared`,
    [],
    signal,
  );
  const alleles = "reference alleles at positions of the modules";
  refuse(refs, alleles);
  if (!request.ingest.has_rsids) return told([[refs, alleles]]);
  const [ids] = await connection.rows<Probe>(
    `with shared as (
       select i.id, bool_or(r.chrom = s.chrom and abs(r.start::bigint - s.start::bigint) <= 1) as agrees
       from ${SCRATCH.ids} i join ${SCRATCH.records} r using (file_row_number)
       join ${SCRATCH.sites} s on s.rsid = i.id
       where ${checked} and s.locus_count = 1
       group by i.id
     )
     select count(*)::integer as shared, (count(*) filter (not agrees))::integer as against from shared`,
    [],
    signal,
  );
  const places = "positions of rsIDs that the modules know";
  refuse(ids, places);
  return told([
    [refs, alleles],
    [ids, places],
  ]);
}

function told(probes: readonly (readonly [Probe | undefined, string])[]): string {
  const words = probes.flatMap(([probe, what]) =>
    probe === undefined || probe.shared === 0
      ? []
      : [`${probe.shared - probe.against} of ${probe.shared} ${what}`],
  );
  if (words.length === 0) return "nothing in the file could be held against the positions of the modules";
  return `${words.join(" and ")} agree with GRCh38`;
}

interface Probe {
  readonly shared: number;
  readonly against: number;
}

function refuse(probe: Probe | undefined, what: string): void {
  if (probe === undefined || probe.against < CONTRADICTIONS) return;
  if (probe.against <= TOLERANCE * probe.shared) return;
  throw new WorkspaceError({
    code: "source",
    message: `not on GRCh38: ${probe.against} of ${probe.shared} ${what} contradict it`,
    hint: "Use a VCF that was called on GRCh38: lift-over is not part of Karyon.",
  });
}
