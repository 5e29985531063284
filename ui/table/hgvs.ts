/**
 * Variants as HGVS writes them on a genome, `NC_000001.11:g.12345A>G` or `chr1:g.12345A>G`, as the place that they are
 * at. Pure. HGVS nomenclature, https://hgvs-nomenclature.org
 */
import { REFSEQ_VERSIONS } from "#protocol/refseq.ts";

import type { Destination, NoPlace } from "./destination.ts";

/** A sequence, with its gene in brackets where that is told, what is counted along, and the variant. */
const HGVS = /^([a-z][\w.-]*|\d{1,2})(?:\([^)]*\))?\s*:\s*([cgmnopr])\.\s*(.+)$/i;
/** A position or a stretch, and how what is there changes; nothing of that is compared. */
const CHANGE = /^(\d+)(?:_(\d+))?(?:$|[acgtn]+>[acgtn]+$|=|del|dup|ins|inv|con|\[)/i;
const ACCESSION = /^(NC_0000(?:0[1-9]|1\d|2[0-4]))\.(\d+)$/i;
const EXAMPLE = "Write it on a chromosome, such as chr1:g.12345A>G, or an rsID.";

/** Null for what is no HGVS. Of a transcript or a protein it is said that nothing is known of it here. */
export function readHgvs(text: string): Destination | NoPlace | null {
  const found = HGVS.exec(text);
  if (found === null) return null;
  const [, sequence = "", along = "", variant = ""] = found;
  if (!/^[gm]$/i.test(along)) {
    const what = along.toLowerCase() === "p" ? "a protein" : "a transcript";
    return noPlace(`${along}. counts along ${what}, and there are none here. ${EXAMPLE}`);
  }
  const contig = contigName(sequence.replace(/^chr/i, ""));
  if (typeof contig !== "string") return contig;
  if (!/^(?:\d{1,2}|X|Y|MT)$/.test(contig)) return noPlace(`${sequence} is no chromosome. ${EXAMPLE}`);
  const change = CHANGE.exec(variant);
  const first = Number(change?.[1]);
  const last = change?.[2] === undefined ? first : Number(change[2]);
  if (!(first >= 1 && last >= first)) return noPlace(`No place can be read from ${variant}. ${EXAMPLE}`);
  return { kind: "locus", contig, first, last };
}

/**
 * As tables name contigs: without `chr`, sex chromosomes upper-cased, the mitochondrion MT, accessions of GRCh38 as
 * their chromosomes. On another build the same positions are other bases.
 */
export function contigName(text: string): string | NoPlace {
  if (/^(?:m|mt|NC_012920\.\d+)$/i.test(text)) return "MT";
  if (/^[xy]$/i.test(text)) return text.toUpperCase();
  const [, accession = "", version] = ACCESSION.exec(text) ?? [];
  if (version === undefined) return text;
  const number = Number(accession.slice(-2));
  const ours = REFSEQ_VERSIONS[number - 1];
  if (ours !== Number(version)) {
    return noPlace(
      `${text} is not of GRCh38, on which the tables are: there it is ${accession.toUpperCase()}.${ours}, with other positions.`,
    );
  }
  return number > 22 ? ("XY"[number - 23] ?? "") : String(number);
}

function noPlace(why: string): NoPlace {
  return { kind: "no-place", why };
}
