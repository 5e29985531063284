/** A synthetic genome on disk that contenders read. */
export interface Genome {
  /** bgzip. */
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
}

/** One row group of the table: a genome, and what a benchmark made of it for its contenders. */
export interface Case extends Genome {
  /** In the first column in place of the genome's records and size. */
  readonly label?: string;
  /** Paths by the names that `words` gives; what is shown in their place is the name itself. */
  readonly files: Readonly<Record<string, string>>;
  /** Contenders that sit this one out, by name. */
  readonly without?: readonly string[];
}

/** One program that does the job, or the peer it is measured against. */
export interface Contender {
  readonly name: string;
  /** Looked up on PATH when it is no path. */
  readonly program: string;
  /** Words after the program. `scratch` is an empty folder of this one repetition. */
  readonly words: (genome: Case, scratch: string) => readonly string[];
  /** Whether standard output is one JSON object with `duration_seconds` and `peak_rss_mb`. */
  readonly reportsItself: boolean;
  /** Runs once, however many repetitions there are: a peer that takes minutes. */
  readonly runsOnce?: boolean;
  /** Contenders, by name, of which its own row says how much longer they take. */
  readonly comparedWith?: readonly string[];
}

export interface PrepareContext {
  readonly genomes: readonly Genome[];
  /** Rows of the references to join with, ascending. */
  readonly references: readonly number[];
  /** Rows of the tables to look at. */
  readonly tables: readonly number[];
  /** Folder for what is made; removed in the end. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Contenders that are run one after the other over the same genomes. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** What each contender does and what the ratio means. */
  readonly about: string;
  /** The first is ours; ratios are taken to the second. */
  readonly contenders: readonly [Contender, Contender, ...Contender[]];
  /** Makes what contenders read beside the genomes; its time does not count. Without it: each genome is a case. */
  prepare?(context: PrepareContext): Promise<readonly Case[]>;
  /** Times are those that the contenders state: starting Node would hide what is measured. */
  readonly statesTime?: boolean;
}

/** The path of a file of a case. */
export function fileOf({ files }: Case, name: string): string {
  return files[name] ?? name;
}
