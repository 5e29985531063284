import { WorkspaceError } from "#protocol/error.ts";

import { NUMBERED_CONTIGS } from "../numbered-contigs.ts";
import { Cleaner } from "../text/clean.ts";
import { DamagedText } from "../text/damage.ts";
import { LONGEST_LINE_BYTES, LineStretches } from "../text/line-stretches.ts";
import type { TextFile } from "../text/text.ts";
import { fieldsOf, isComment } from "./head.ts";
import type { ArrayHead } from "./head.ts";
import type { KnownSites } from "./known-sites.ts";

/** Findings that one line is to blame for. */
type LineKind = "NO_CALL_LINE" | "BAD_POSITION" | "GT_MALFORMED" | "INDEL_LETTERS" | "NO_RSID" | "BLANK_LINE";

/** What the lines said, all in all. */
export interface CallCounts {
  /** Lines of calls, also those that could not be read. */
  readonly read: number;
  readonly written: number;
  readonly rsids: number;
  /** Of the file. */
  readonly lines: number;
  readonly kinds: ReadonlyMap<LineKind, { readonly count: number; readonly first: string }>;
  readonly crlf: boolean;
  readonly byteOrderMark: boolean;
  readonly badText: number;
}

/** Columns of a line that {@link readCalls} hands on, separated by tabs; what is not known is empty. */
export const CALL_COLUMNS = {
  /** Number of the line, from 1 on over all files. */
  line: "UINTEGER",
  rsid: "VARCHAR",
  chrom: "VARCHAR",
  position: "UINTEGER",
  alleles: "VARCHAR",
  presence: "VARCHAR",
} as const;

/** 0: not known. */
const CONTIGS: ReadonlyMap<string, string> = new Map([...NUMBERED_CONTIGS, ["M", "MT"], ["0", ""]]);
/** Contigs of which a person may have one copy. */
const SINGLE: ReadonlySet<string> = new Set(["X", "Y", "MT"]);
const MOST_POSITION = 0xffffffff;
const LONGEST_SHOWN = 40;
/** An id and a chromosome that are longer are none. */
const LONGEST_NAMES = 200;
/** Stands for a variant without an id. */
const UNNAMED = /^(?:\.|-+)$/;
/** Letters of an allele that was not called. */
const NOT_CALLED = /^[-0.?]*$/;

/** What is known before a file is read. */
export interface CallsBefore {
  readonly head: ArrayHead;
  /** Lines of the files before it. */
  readonly lines: number;
  /** Is told of what is read. */
  readonly sites: KnownSites;
}

/**
 * Reads the calls of an array file line by line. `write` gets them as text, {@link CALL_COLUMNS} a line, some thousand
 * lines at a time.
 *
 * @throws {WorkspaceError} `source` with its line where the packed bytes are damaged, or a line is too long
 */
export async function readCalls(
  path: string,
  file: TextFile,
  before: CallsBefore,
  write: (lines: string) => Promise<void>,
  report: (records: number, bytes: number) => void,
): Promise<CallCounts> {
  const reader = new CallReader(before);
  const stretches = new LineStretches();
  const cleaner = new Cleaner();
  try {
    for await (const chunk of file.chunks) {
      for (const stretch of stretches.add(cleaner.clean(chunk))) {
        await write(reader.read(stretch.toString("utf8")));
      }
      if (stretches.rest > LONGEST_LINE_BYTES) throw tooLong(path, reader.lines + 1);
      report(reader.records, file.bytesRead());
    }
  } catch (error) {
    throw error instanceof DamagedText ? damaged(path, reader.lines, error) : error;
  }
  for (const stretch of stretches.add(cleaner.end())) await write(reader.read(stretch.toString("utf8")));
  const rest = stretches.end();
  if (rest !== null) await write(reader.read(rest.toString("utf8")));
  return { ...reader.counts(), badText: cleaner.badText };
}

class CallReader {
  readonly #before: CallsBefore;
  readonly #kinds = new Map<LineKind, { count: number; first: string }>();
  #written = 0;
  #rsids = 0;
  #crlf = false;
  #byteOrderMark = false;
  records = 0;
  /** Read so far. */
  lines = 0;

  constructor(before: CallsBefore) {
    this.#before = before;
  }

  counts(): Omit<CallCounts, "badText"> {
    return {
      read: this.records,
      written: this.#written,
      rsids: this.#rsids,
      lines: this.lines,
      kinds: this.#kinds,
      crlf: this.#crlf,
      byteOrderMark: this.#byteOrderMark,
    };
  }

  /** Whole lines, each with its end. */
  read(text: string): string {
    let out = "";
    const lines = text.split("\n");
    lines.pop();
    for (const line of lines) {
      this.lines += 1;
      if (this.lines === 1 && line.startsWith("\uFEFF")) this.#byteOrderMark = true;
      const bare = line.endsWith("\r") ? line.slice(0, -1) : line;
      if (bare !== line) this.#crlf = true;
      if (this.lines <= this.#before.head.lines || isComment(bare)) continue;
      if (bare === "") this.#note("BLANK_LINE", "is empty");
      else out += this.#call(bare);
    }
    return out;
  }

  #call(line: string): string {
    this.records += 1;
    const { separator, rsid, chromosome, position, alleles } = this.#before.head.columns;
    const fields = fieldsOf(line, separator);
    const value = (place: number): string => (fields[place] ?? "").trim().replaceAll(/[\t\r]/g, " ");
    const [id, contig] = [
      value(rsid).replace(/^RS/, "rs"),
      value(chromosome).toUpperCase().replace(/^CHR/, ""),
    ];
    if (id === "" || alleles.some((place) => fields[place] === undefined)) {
      return this.#note("NO_CALL_LINE", `${fields.length} columns`);
    }
    if (id.length + contig.length > LONGEST_NAMES) return this.#note("NO_CALL_LINE", shown(id));
    const place = value(position);
    const number = Number(place);
    if (!/^\d+$/.test(place) || number > MOST_POSITION)
      return this.#note("BAD_POSITION", `position ${shown(place)}`);
    const letters = alleles.map((one) => value(one).toUpperCase());
    const call = callOf(letters);
    if (call.kind !== null) this.#note(call.kind, shown(id));
    if (/^rs\d+$/.test(id)) {
      this.#rsids += 1;
      this.#before.sites.add(id, number);
    } else this.#note("NO_RSID", shown(id));
    this.#written += 1;
    const folded = CONTIGS.get(contig) ?? contig;
    // A person has two copies elsewhere: a file that is cut off ends in the middle of a genotype.
    const isHalf = call.presence === "called" && call.alleles.length === 1 && !SINGLE.has(folded);
    const presence = isHalf ? "half_call" : call.presence;
    return `${this.#before.lines + this.lines}\t${UNNAMED.test(id) ? "" : id}\t${folded}\t${number === 0 ? "" : number}\t${call.alleles}\t${presence}\n`;
  }

  #note(kind: LineKind, what: string): "" {
    const known = this.#kinds.get(kind);
    if (known === undefined) this.#kinds.set(kind, { count: 1, first: `line ${this.lines}: ${what}` });
    else known.count += 1;
    return "";
  }
}

interface Call {
  /** Bases, sorted. */
  readonly alleles: string;
  /** See `ARRAY_PRESENCE`. */
  readonly presence: "called" | "half_call" | "no_call" | "unresolved";
  readonly kind: "GT_MALFORMED" | "INDEL_LETTERS" | null;
}

/** A genotype of one text (`AG`, `A`, `--`) or of two (`A` and `G`), in upper case. */
export function callOf(letters: readonly string[]): Call {
  const split = letters.length === 1 ? (letters[0] ?? "").split("") : letters;
  if (letters.every((text) => NOT_CALLED.test(text) || text === "NC"))
    return { alleles: "", presence: "no_call", kind: null };
  const called = split.filter((allele) => !NOT_CALLED.test(allele));
  if (split.length > 2 || called.some((allele) => !/^[ACGTDI]$/.test(allele))) {
    return { alleles: "", presence: "no_call", kind: "GT_MALFORMED" };
  }
  if (called.some((allele) => allele === "D" || allele === "I")) {
    return { alleles: "", presence: "unresolved", kind: "INDEL_LETTERS" };
  }
  // In columns of their own, the second of one copy is empty.
  const half =
    called.length < split.length && split.some((allele) => allele !== "" && NOT_CALLED.test(allele));
  return { alleles: called.toSorted().join(""), presence: half ? "half_call" : "called", kind: null };
}

/** A field as far as it is shown. */
function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function damaged(path: string, line: number, error: DamagedText): WorkspaceError {
  return new WorkspaceError(
    {
      code: "source",
      message: `file is damaged after line ${line}: ${error.message}`,
      hint: "Download or copy the file again and compare its size with the original.",
      at: `${path}:${line}`,
    },
    { cause: error },
  );
}

function tooLong(path: string, line: number): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `a line is longer than ${LONGEST_LINE_BYTES} bytes`,
    hint: "Give the file as it came from the vendor.",
    at: `${path}:${line}`,
  });
}
