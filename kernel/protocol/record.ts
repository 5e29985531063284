import type { AssetKey, CodeVersion, DataVersion, ObjectHash, PartitionKey, RunId } from "./ids.ts";
import type { ErrorInfo } from "./error.ts";

/** One file of an asset's output: an output is a small tree of files, most often of one. */
export interface StoredFile {
  /** Path inside the output, POSIX, such as `modules/coronary_weights.parquet`. */
  readonly name: string;
  readonly hash: ObjectHash;
  readonly bytes: number;
}

/** One input as it was when an output was made. */
export interface InputVersion {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly dataVersion: DataVersion;
  /** The other side of a comparison, of another sample: its asset may be an input of the own sample too. */
  readonly compared?: true;
}

/** A column of an input. */
export interface ColumnSource {
  readonly asset: AssetKey;
  readonly column: string;
}

/** What the values of a column were made of. */
export interface ColumnOrigin {
  /** As they stood, from values of one row, or from those of several. */
  readonly how: "copied" | "computed" | "aggregated";
  /** None: a constant, or a number of rows. */
  readonly of: readonly ColumnSource[];
}

/** A column of the asset's table with the statistics of the pass that wrote it. */
export interface ColumnFacts {
  readonly name: string;
  /** The engine's name of the type, such as `VARCHAR` or `INTEGER[]`. */
  readonly type: string;
  readonly nulls: number | null;
  /** Smallest and largest value as text, cut to 60 characters; null when unknown or of a nested type. */
  readonly min: string | null;
  readonly max: string | null;
  readonly approxDistinct: number | null;
  /** Its text is percent-encoded, as VCF 4.3 has it, and shown decoded. Absent: it is not. */
  readonly encoded?: true;
  /** Absent: not known, as for most that no query makes. */
  readonly origin?: ColumnOrigin;
  /** Null when there is nothing to draw; absent in what an older Karyon made. */
  readonly shape?: ColumnShape | null;
}

/** What the values of a column look like, as far as a header shows it. */
export interface ColumnShape {
  /** Rows that were looked at: all of the table, or a part of a large one, evenly spread. */
  readonly rows: number;
  /** Of numbers: counts of bins of one width between the two; the last includes its right edge. */
  readonly bins: { readonly least: number; readonly most: number; readonly counts: readonly number[] } | null;
  /** Of text: values that came more than once, cut to 24 characters, the most frequent first. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

/** What a kernel reports of one finished step: everything about the output but its identity. */
export interface Produced {
  readonly files: readonly StoredFile[];
  /** Name of the file that is the asset's table; null when the output is no table (a report). */
  readonly table: string | null;
  readonly rows: number | null;
  readonly columns: readonly ColumnFacts[];
  /** Columns of the inputs that say which rows there are, and in what order. Absent: not known. */
  readonly rowsFrom?: readonly ColumnSource[];
  readonly seconds: number;
  /** Processor time over wall time, in percent of one core. */
  readonly cpuPercent: number;
  /** High-water mark of the kernel process (`maxRSS`), in MiB. */
  readonly peakRssMb: number;
  /** Such as `duckdb 1.5.6`; null when no engine took part. */
  readonly engine: string | null;
  readonly modules: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly digest: string;
  }[];
  /** Identity of the reference snapshot; null when none took part. */
  readonly reference: string | null;
  /** What the cell type wants remembered, as JSON: an `IngestSummary`, an `AnnotationManifest` … */
  readonly facts: unknown;
  /** Of a cell that is made of files beside its text: what they were when it was made. Absent: it is as it was analysed. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** The record of one materialisation. A file without one does not exist. */
export interface AssetRecord extends Produced {
  /** Number of the event in the catalog. */
  readonly seq: number;
  readonly run: RunId;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly codeVersion: CodeVersion;
  /** What the code version is made of: part (`source`, `variants.csv`, `duckdb`) → hash or version. */
  readonly parts: Readonly<Record<string, string>>;
  readonly dataVersion: DataVersion;
  readonly inputs: readonly InputVersion[];
  /** Sum of the files. */
  readonly bytes: number;
  readonly software: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /**
   * Name of the engine that its run chose instead of the one of its cell; absent: it is its cell's. Then this engine is
   * one of `parts` too.
   */
  readonly runEngine?: string;
  /**
   * The materialisation that this one is: it had the same code and the same inputs, so nothing was computed. What the
   * work cost (`seconds` and so on) is what it cost then. Absent: it was computed.
   */
  readonly takenFrom?: Pick<AssetRecord, "seq" | "run" | "madeAt">;
}

/** Why an asset is stale, from the root: what changed, and along which path it reaches here. */
export type StaleCause =
  | { readonly kind: "code"; readonly asset: AssetKey; readonly detail?: string }
  | { readonly kind: "software"; readonly asset: AssetKey; readonly detail: string }
  | {
      readonly kind: "input";
      readonly asset: AssetKey;
      readonly change: "added" | "removed" | "changed";
      readonly detail?: string;
      /** Another sample, whose asset it is; absent: what is compared is of the own. */
      readonly partition?: PartitionKey;
    };

export type AssetStatus =
  /** `because`: it was there, and what it was made from was erased. Absent: it was never made. */
  | { readonly state: "missing"; readonly because?: "erased" }
  | { readonly state: "fresh" }
  | { readonly state: "stale"; readonly causes: readonly StaleCause[] }
  /** Pinned by a person: it stays as it is, `behind` by so many versions, and what would have changed it. */
  | { readonly state: "held"; readonly behind: number; readonly causes: readonly StaleCause[] }
  /** Never run: `by` is the cell that a person turned off, itself or one upstream. */
  | { readonly state: "disabled"; readonly by: AssetKey }
  | { readonly state: "unknown"; readonly upstream: AssetKey }
  | { readonly state: "failed"; readonly error: ErrorInfo; readonly run: RunId }
  | { readonly state: "running"; readonly run: RunId }
  /** Not fresh, and its notebook may not run: see `NotebookView.untrusted`. */
  | { readonly state: "untrusted" };

/** How far a step is. Absent numbers are unknown, never zero. */
export interface Progress {
  /** What is being done, in a few words: `reading genome.vcf.gz`. */
  readonly phase: string;
  readonly records?: number;
  readonly bytes?: number;
  readonly totalBytes?: number;
  /** 0 to 1. */
  readonly fraction?: number;
  /** What of the result is there already: its rows, and the last lines that it wrote. Absent: nothing, until the end. */
  readonly arrived?: { readonly rows: number; readonly log: readonly string[] };
}

/** How far along a step is, 0 to 1; null when it does not know its end. */
export function fractionOf({ fraction, bytes, totalBytes }: Progress): number | null {
  const value = fraction ?? (bytes !== undefined && totalBytes ? bytes / totalBytes : undefined);
  return value === undefined || !Number.isFinite(value) ? null : Math.min(1, Math.max(0, value));
}

/** What was seen of an external: a file, a value. Its version is the hash of its content. */
export interface Observation {
  readonly dataVersion: DataVersion;
  /** What the version is made of, by name: file name → hash. */
  readonly parts: Readonly<Record<string, string>>;
  /** One line for people: `genome.vcf.gz, 96 MB`. */
  readonly summary: string;
  /** What is read by who reads all of it; absent: not known. */
  readonly bytes?: number;
  readonly facts: unknown;
}

/** What belongs to a partition and is no output: where its VCF is, and what was chosen for it. */
export interface PartitionAttributes {
  /** Absolute path of the VCF; of a genome in several files, the path of each. See `vcfsOf`. */
  readonly vcf?: string | readonly string[];
  /** Sample column to read, for a file of several samples. */
  readonly vcf_sample?: string;
  /** The file was made by `karyon synth`: nobody's genome. */
  readonly synthetic?: boolean;
  /** Modules to annotate with; absent: all. */
  readonly modules?: readonly string[];
  /** As its person says; nothing is computed from it. Absent: not stated. */
  readonly sex?: "female" | "male";
  /** A person's own words on it. */
  readonly description?: string;
}
