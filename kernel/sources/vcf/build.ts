import { WorkspaceError } from "#protocol/error.ts";
import type { BuildEvidence } from "#protocol/annotation.ts";
import { REFSEQ_VERSIONS } from "#protocol/refseq.ts";

import { foldContig } from "./contigs.ts";
import type { ContigLine, VcfHeader } from "./header.ts";

/** The build that every module and reference of the project is on. */
export const OUR_BUILD = "GRCh38";
/** What to do about a file that is on another one. */
export const OTHER_BUILD_HINT: string = `Give a file that was called against ${OUR_BUILD}, or lift this one over to it first.`;

/**
 * Lengths of chromosomes 1…22, X, Y in bases: assembly reports of GCA_000001405.15 (GRCh38), GCA_000001405.1
 * (GRCh37) and GCA_009914755.4 (T2T-CHM13v2.0, its Y from HG002).
 */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  GRCh38: [
    248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717,
    133797422, 135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616,
    64444167, 46709983, 50818468, 156040895, 57227415,
  ],
  GRCh37: [
    249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431,
    135534747, 135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983,
    63025520, 48129895, 51304566, 155270560, 59373566,
  ],
  "T2T-CHM13": [
    248387328, 242696752, 201105948, 193574945, 182045439, 172126628, 160567428, 146259331, 150617247,
    134758134, 135127769, 133324548, 113566686, 101161492, 99753195, 96330374, 84276897, 80542538, 61707364,
    66210255, 45090682, 51324926, 154259566, 62460029,
  ],
};

/** Chromosomes of T2T-CHM13v2.0, in RefSeq and in GenBank. */
const T2T_ACCESSION = /^(?:NC_0609(?:2[5-9]|3\d|4[0-8])|CP0682(?:5[5-9]|6\d|7[0-7])|CP086569)\.\d+$/;

/** Length of hg19's own chrM (NC_001807): another sequence than rCRS, which has 16569 bases. */
const OLD_MITOCHONDRION = 16_571;

const NAMES: readonly (readonly [build: string, pattern: RegExp])[] = [
  ["T2T-CHM13", /chm13|t2t|\bhs1\b/i],
  ["GRCh38", /grch38|hg38|hs38|b38\b/i],
  ["GRCh37", /grch37|hg19|hs37|b37\b|g1k_v37/i],
];

/** A build and the contig that gave it away. */
interface Vote {
  readonly build: string;
  readonly contig: ContigLine;
}

/**
 * The reference genome of a file: by the lengths of its primary contigs, all of which vote; else by their accessions,
 * also of `used`, the contigs of its first records; else by the name in `##reference` or an `assembly` of a contig line.
 * `detected` is null when the file states none of it.
 *
 * @throws {WorkspaceError} `source` when contigs of different builds stand in one header
 */
export function detectBuild(header: VcfHeader, used: readonly string[] = []): BuildEvidence {
  const votes = header.contigs.flatMap((contig) => voteOf(contig));
  const first = votes[0];
  if (first === undefined) return byAccession(header, used) ?? byName(header);
  const other = votes.find(({ build }) => build !== first.build);
  if (other !== undefined) {
    throw new WorkspaceError({
      code: "source",
      message: `contig lines of two genome builds in one file: ${said(first)}, ${said(other)}`,
      hint: "Give a file that was called against one reference genome.",
      at: header.path,
    });
  }
  return {
    detected: first.build,
    how:
      votes.length === 1 ? `by the length of contig ${first.contig.id}` : `by ${votes.length} contig lengths`,
  };
}

/**
 * Passes a file that is on our build, or that does not say.
 *
 * @throws {WorkspaceError} `source` that says which build it is and how that was seen
 */
export function requireOurBuild(header: VcfHeader, { detected, how }: BuildEvidence): void {
  if (detected === null || detected === OUR_BUILD) return;
  const vote = header.contigs.flatMap((contig) => voteOf(contig))[0];
  const seen =
    vote === undefined ? how : `${said(vote)}, ${OUR_BUILD} has ${lengthOn(OUR_BUILD, vote.contig)}`;
  throw new WorkspaceError({
    code: "source",
    message: `genome build is ${detected}: ${seen}`,
    hint: OTHER_BUILD_HINT,
    at: header.path,
  });
}

/** Bases of a chromosome, by its folded name, on our build; null for other contigs. */
export function ourLengthOf(chrom: string): number | null {
  return LENGTHS[OUR_BUILD]?.[indexOf({ id: chrom }) ?? -1] ?? null;
}

/** Whether the mitochondrion is a sequence whose positions mean other bases than rCRS's. */
export function hasOldMitochondrion(header: VcfHeader): boolean {
  return header.contigs.some(({ id, length }) => length === OLD_MITOCHONDRION && foldContig(id) === "MT");
}

function voteOf(contig: ContigLine): Vote[] {
  const index = indexOf(contig);
  if (index === null || contig.length === null) return [];
  return Object.keys(LENGTHS)
    .filter((build) => LENGTHS[build]?.[index] === contig.length)
    .map((build) => ({ build, contig }));
}

function indexOf({ id }: Pick<ContigLine, "id">): number | null {
  const name = foldContig(id);
  if (name === "X") return 22;
  if (name === "Y") return 23;
  return /^\d+$/.test(name) && Number(name) <= 22 ? Number(name) - 1 : null;
}

function lengthOn(build: string, contig: ContigLine): number | undefined {
  return LENGTHS[build]?.[indexOf(contig) ?? -1];
}

function said({ build, contig }: Vote): string {
  return `contig ${contig.id} is ${contig.length} bases long${build === OUR_BUILD ? ` (${OUR_BUILD})` : ""}`;
}

/** Null where accessions name no build, or several. */
function byAccession({ contigs }: VcfHeader, used: readonly string[]): BuildEvidence | null {
  const named = [...contigs.map(({ id }) => id), ...used].flatMap((id) => {
    const build = buildOfAccession(id);
    return build === null ? [] : [{ id, build }];
  });
  const [first] = named;
  if (first === undefined || named.some(({ build }) => build !== first.build)) return null;
  return { detected: first.build, how: `by the accession of contig ${first.id}` };
}

function buildOfAccession(id: string): string | null {
  if (T2T_ACCESSION.test(id)) return "T2T-CHM13";
  const [, kind, version] = /^(NC_0000|CM000)\d+\.(\d+)$/.exec(id) ?? [];
  const index = indexOf({ id });
  const onOurs = kind === "CM000" ? 2 : REFSEQ_VERSIONS[index ?? -1];
  if (index === null || onOurs === undefined) return null;
  return ["GRCh38", "GRCh37"][onOurs - Number(version)] ?? null;
}

function byName(header: VcfHeader): BuildEvidence {
  const named = [header.reference, ...header.contigs.map(({ assembly }) => assembly)];
  for (const text of named) {
    if (text === null) continue;
    const build = NAMES.find(([, pattern]) => pattern.test(text))?.[0];
    if (build !== undefined)
      return { detected: build, how: `by its name in the header: ${text.slice(0, 120)}` };
  }
  return {
    detected: null,
    how:
      header.contigs.length === 0
        ? "the header has no contig lines and names no reference"
        : "no contig line has the length of a known build, and the header names no reference",
  };
}
