import type { BuildEvidence } from "#protocol/annotation.ts";

/** Where the values of a line stand, by place from 0. */
export interface ArrayColumns {
  readonly separator: "\t" | ",";
  readonly rsid: number;
  readonly chromosome: number;
  readonly position: number;
  /** One column of a whole genotype, or two of an allele each. */
  readonly alleles: readonly number[];
}

/** What the lines before the calls say. */
export interface ArrayHead {
  readonly columns: ArrayColumns;
  /** Lines up to the names of the columns, these with them; without names, up to the first call. */
  readonly lines: number;
  /** Whether a line names the columns. */
  readonly named: boolean;
  /** Vendor and version, as far as they are stated, such as `AncestryDNA, array version V2.0`; null: neither. */
  readonly vendor: string | null;
  readonly build: BuildEvidence;
}

const VENDORS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["23andMe", /23andme/i],
  ["AncestryDNA", /ancestry\s?dna/i],
  ["MyHeritage", /myheritage/i],
  ["FamilyTreeDNA", /family\s?tree\s?dna|ftdna/i],
  ["Living DNA", /living\s?dna/i],
];
const VERSIONS: readonly (readonly [words: string, pattern: RegExp])[] = [
  ["array version", /array version:\s*(\S+)/i],
  ["chip", /^#+\s*chip=(\S+)/im],
  ["format", /^#+\s*format=(\S+)/im],
  ["file version", /file version:\s*(\S+)/i],
];
const LONGEST_VERSION = 40;
/** Names of builds, as comments write them. */
const BUILDS: readonly (readonly [build: string, pattern: RegExp])[] = [
  ["NCBI36", /build\s*36|ncbi\s*36|hg18/i],
  ["GRCh37", /build\s*37|grch37|hg19/i],
  ["GRCh38", /build\s*38|grch38|hg38/i],
];

/** Lines that show what columns hold that no line names. */
const LINES_LOOKED_AT = 200;

/**
 * What a file of a genotyping array says before its calls; null for text that is of no such file, or that ends before
 * its calls.
 */
export function readHead(text: string): ArrayHead | null {
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const names = columnsOf(line);
    const isCall = line !== "" && !isComment(line);
    if (names === null && !isCall) continue;
    const columns = names ?? columnsByContent(lines.slice(index));
    if (columns === null) return null;
    const comments = lines.slice(0, index).join("\n");
    const named = names !== null;
    return {
      columns,
      lines: named ? index + 1 : index,
      named,
      vendor: vendorOf(comments),
      build: buildOf(comments),
    };
  }
  return null;
}

/** A line that says something about the file and holds no call. */
export function isComment(line: string): boolean {
  return line.startsWith("#") || line.startsWith("\uFEFF#");
}

/** The names of the columns, which stand in a comment or in a line of their own. */
function columnsOf(line: string): ArrayColumns | null {
  const bare = line.replace(/^\uFEFF?[#\s]*/, "");
  const separator = bare.includes("\t") ? "\t" : ",";
  const names = fieldsOf(bare, separator).map((name) => name.trim().toLowerCase());
  const place = (...known: readonly string[]): number => names.findIndex((name) => known.includes(name));
  const [rsid, chromosome, position] = [
    place("rsid"),
    place("chromosome", "chrom"),
    place("position", "pos"),
  ];
  if (rsid < 0 || chromosome < 0 || position < 0) return null;
  const genotype = place("genotype", "result");
  const alleles = genotype < 0 ? [place("allele1"), place("allele2")] : [genotype];
  return alleles.includes(-1) ? null : { separator, rsid, chromosome, position, alleles };
}

/**
 * The columns of lines that are all an id, a chromosome, a position, and a genotype or its two alleles. A list of REF and
 * ALT may look so, too: in it no two alleles are alike.
 */
function columnsByContent(rest: readonly string[]): ArrayColumns | null {
  // The last line may be cut off.
  const lines = rest.filter((line, index) => line !== "" && (index === 0 || index < rest.length - 1));
  const separator = lines[0]?.includes("\t") === true ? "\t" : ",";
  const rows = lines.slice(0, LINES_LOOKED_AT).map((line) => fieldsOf(line, separator));
  const width = rows[0]?.length;
  if (width !== 4 && width !== 5) return null;
  const letter = width === 4 ? /^(?:[ACGTDI0-]{1,2})$/ : /^[ACGTDI0-]$/;
  const isCall = ([id = "", chromosome = "", position = "", ...alleles]: readonly string[]): boolean =>
    /^[A-Za-z]\S*$/.test(id) &&
    /^(?:chr)?(?:\d{1,2}|X|Y|XY|MT?)$/.test(chromosome) &&
    /^\d+$/.test(position) &&
    alleles.length === width - 3 &&
    alleles.every((allele) => letter.test(allele));
  const isAlike = ([, , , ...alleles]: readonly string[]): boolean => /^([ACGT])\1$/.test(alleles.join(""));
  if (!rows.every(isCall) || !rows.some(isAlike) || !rows.some(([id = ""]) => /^rs\d+$/.test(id)))
    return null;
  return { separator, rsid: 0, chromosome: 1, position: 2, alleles: width === 4 ? [3] : [3, 4] };
}

/** The values of a line: no vendor has a separator inside one. */
export function fieldsOf(line: string, separator: string): readonly string[] {
  return (line.includes('"') ? line.replaceAll('"', "") : line).split(separator);
}

function vendorOf(comments: string): string | null {
  const vendor = VENDORS.find(([, pattern]) => pattern.test(comments))?.[0];
  const versions = VERSIONS.flatMap(([words, pattern]) => {
    const version = pattern.exec(comments)?.[1]?.slice(0, LONGEST_VERSION);
    return version === undefined ? [] : [`${words} ${version}`];
  });
  return vendor === undefined ? null : [vendor, ...versions].join(", ");
}

function buildOf(comments: string): BuildEvidence {
  const named = BUILDS.flatMap(([build, pattern]) => {
    const words = pattern.exec(comments)?.[0];
    return words === undefined ? [] : [{ build, words }];
  });
  const [first, second] = named;
  if (first === undefined) return { detected: null, how: "the header names no build" };
  if (second !== undefined) {
    return { detected: null, how: `the header names two builds, ${first.build} and ${second.build}` };
  }
  return { detected: first.build, how: `by its header, which says ${first.words}` };
}
