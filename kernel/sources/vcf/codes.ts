/** Numbers that the reader of records (`assembly/`, where they are 32-bit integers) and its host share. */

/** The two tables. */
export const KEPT = 0;
export const REMOVED = 1;

/** Kinds of columns. */
export const FIXED = 0;
export const TEXT = 1;
export const DICTIONARY = 2;
export const LIST = 3;

/** Types of fixed width. */
export const INTEGER = 0;
export const UINTEGER = 1;
export const FLOAT = 2;
export const DOUBLE = 3;
export const BOOLEAN = 4;

/** What the values of an INFO or FORMAT field are. */
export const FLAGS = 0;
export const INTEGERS = 1;
export const FLOATS = 2;
export const TEXTS = 3;
/** Texts of which there are a few, and whose `.` is itself: genotypes. */
export const VERBATIM = 4;

/** How many values a field has: as it comes · one for each alternate · one for each allele · one for each genotype. */
export const ANY_NUMBER = 0;
export const PER_ALTERNATE = 1;
export const PER_ALLELE = 2;
export const PER_GENOTYPE = 3;

/** Columns of the file, 0-based. */
export const CONTIG = 0;
export const POS = 1;
export const ID = 2;
export const REF = 3;
export const ALT = 4;
export const QUAL = 5;
export const FILTER = 6;
export const INFO = 7;
export const FORMAT = 8;

/** What a record says of its site. */
export const CALLED_VARIANT = 0;
export const CALLED_HOM_REF = 1;
export const HOM_REF_BLOCK = 2;
export const NO_CALL = 3;
export const HALF_CALL = 4;
export const OVERLAPPED = 5;
export const POLYPLOID = 6;
export const NO_DATA = 7;
/** In a file that states no genotypes. */
export const NO_GENOTYPE = 8;

/** Quality rules that remove a record, a bit each. */
export const PASS_FILTERS = 1;
export const MIN_DEPTH = 2;
export const MIN_QUAL = 4;
export const SAMPLE_FILTER = 8;

/** QUAL: a number that is not 0 · `.` · 0 · `nan`, or no number at all. */
export const QUAL_NUMBER = 0;
export const QUAL_MISSING = 1;
export const QUAL_ZERO = 2;
export const QUAL_NAN = 3;

/** Why a record cannot be read at all, and is in neither table. */
export const READABLE = 0;
export const SKIP_SHORT = 1;
export const SKIP_POSITION = 2;

/** Alleles: A, C, G, T alone · `<NON_REF>` and its like · symbolic or breakend · N or another IUPAC letter. */
export const PLAIN = 0;
export const REFERENCE_ALLELE = 1;
export const SYMBOLIC = 2;
export const AMBIGUOUS = 3;

/** Where each fact about a record lies in its mask: the lowest of its bits. */
export const PRESENCE_SHIFT = 0;
export const RULES_SHIFT = 4;
export const QUAL_SHIFT = 8;
export const SKIP_SHIFT = 10;
export const ALLELES_SHIFT = 12;
export const INDEX_BEYOND_SHIFT = 14;
export const NO_DEPTH_SHIFT = 15;
export const HAS_RSID_SHIFT = 16;
export const REF_CALL_SHIFT = 17;
export const BLOCK_SHIFT = 18;
export const MALFORMED_SHIFT = 19;
export const MASK_BITS = 20;

/** Findings that a line is to blame for. */
export const SHORT_RECORD = 0;
export const BAD_POSITION = 1;
export const GT_INDEX = 2;
export const GT_MALFORMED = 3;
export const SYMBOLIC_ALLELE = 4;
export const AMBIGUOUS_ALLELE = 5;
export const NAN_QUAL = 6;
export const UNSORTED = 7;
export const BLANK_LINE = 8;
export const INFO_TWICE = 9;
export const WRONG_NUMBER = 10;
export const MORE_THAN_TWO = 11;
/** Noted each time, not for the first line alone. */
export const HEADER_LINE = 12;
export const BARE_REFERENCE = 13;
export const WRONG_TYPE = 14;
