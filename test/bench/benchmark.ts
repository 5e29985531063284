/** A synthetic genome on disk that contenders read. */
export interface Genome {
  /** bgzip. */
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
}

/** One program that does the job, or the peer it is measured against. */
export interface Contender {
  readonly name: string;
  /** Looked up on PATH when it is no path. */
  readonly program: string;
  /** Words after the program. `scratch` is an empty folder of this one repetition. */
  readonly words: (genome: Genome, scratch: string) => readonly string[];
  /** Whether standard output is one JSON object with `duration_seconds` and `peak_rss_mb`. */
  readonly reportsItself: boolean;
}

/** Contenders that are run one after the other over the same genomes. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** What each contender does and what the ratio means. */
  readonly about: string;
  /** The first is ours; ratios are taken to the second. */
  readonly contenders: readonly [Contender, Contender];
}
