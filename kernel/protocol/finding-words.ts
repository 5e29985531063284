/** What each kind of finding about a genome file means for its reader. */
const WORDS = {
  SHORT_RECORD: "lines with too few columns, left out",
  BAD_POSITION: "lines without a contig or a position, left out",
  GT_INDEX: "genotypes that name an allele which the record does not have, read as no call",
  GT_MALFORMED: "genotypes that are none, read as no call",
  SYMBOLIC_ALLELE: "structural variants and breakends: kept, and met by few modules",
  AMBIGUOUS_ALLELE: "alleles with N or another letter for several bases: they meet no module",
  QUAL_NAN: "qualities that are no number, read as not stated",
  UNSORTED: "records before the one that precedes them; they were put in order",
  BLANK_LINE: "blank lines among the records",
  HEADER_LINE: "lines of a header among the records, left out: files stand one behind the other",
  INFO_TWICE: "records with a key twice in INFO, of which the first counts",
  POLYPLOID: "genotypes of more than two alleles: they meet no module",
  BARE_REFERENCE:
    "calls of the reference whose depth and quality are missing: files that were merged may have been filled in with them",
  WRONG_NUMBER: "records of which a field has more or fewer values than alleles call for, read as not stated",
  WRONG_TYPE:
    "records of which a field has a value of another type than the header declares, read as not stated",
  NOT_BGZIP: "the file is plain gzip: other programs cannot look up a region in it",
  MAYBE_TRUNCATED: "the file may be cut off: the mark of its end is missing",
  BYTE_ORDER_MARK: "a mark of the byte order before the text, left out",
  CRLF: "lines end as Windows writes them",
  NOT_UTF8: "bytes that are no text, shown as \uFFFD",
  NO_FILEFORMAT: "the file does not say which version of VCF it is",
  NO_SAMPLES: "the file has a column for genotypes and no sample",
  NO_GENOTYPES: "the file states no genotypes: no module can be read",
  IMPUTED: "the genotypes are imputed: estimated from other people's genomes, and not read",
  BUILD_UNKNOWN: "the file does not say which genome build it is on",
  MT_NOT_COMPARABLE: "the mitochondrion is another sequence than modules use, and is not compared",
  UNDECLARED_FIELD: "fields that the header does not declare",
  NO_RECORDS: "a file of the sample that has no records",
  TWICE_IN_FILES: "calls that two files have alike: that of the file that is named first counts",
  FILES_DISAGREE: "records that two files have with different genotypes: both are shown",
  NO_QUAL: "no record states a quality, so the rule about it removes nothing",
  NO_DEPTH: "no record states a depth, so the rule about it removes nothing",
  NO_COLUMN_NAMES: "no line names the columns: they are told by what they hold",
  NO_CALL_LINE: "lines that hold no call, left out",
  NO_RSID: "calls under another name than an rsID, such as i5000…: kept, and met by no module",
  INDEL_LETTERS:
    "insertions and deletions that the file writes as I and D, without their bases: not compared",
  RSID_TWICE: "rsIDs that stand on several lines, of which one counts: a call goes before no call",
  RSID_CONFLICT: "rsIDs that stand on several lines with different calls: none of them counts",
  Y_CALLED:
    "calls on Y of a sample that is said to be female: none is left out, but the file may be another person's",
  RULE_REMOVES_MOST: "one rule removes nearly all records: it may not suit this file",
} as const;
export type FindingKind = keyof typeof WORDS;

/** Words for a kind of finding; null for one that is not known here. */
export function findingWords(kind: string): string | null {
  return isKnown(kind) ? WORDS[kind] : null;
}

function isKnown(kind: string): kind is FindingKind {
  return Object.hasOwn(WORDS, kind);
}
