import type { CellAnalysis, CellText, InputFiles, StepOrder } from "#protocol/kernel-messages.ts";
import type { Observation, PartitionAttributes, Produced, Progress } from "#protocol/record.ts";

import type { Connection, EngineLimits, EngineOptions } from "../engines/engine.ts";
import type { RowSample } from "../engines/row-sample.ts";
import type { QueryLineage } from "../query/column-lineage.ts";

/** A kind of cell. A member of the shelf `kernel/cells/`. */
export interface CellType {
  readonly name: string;
  /** Address of the file that it is written in: what is imported from there on is its code, see code-version.ts. */
  readonly code: string;
  /** Made of files of the notebooks' folder beside its text, which may change at any time. */
  readonly ofFiles?: true;
  /** Computed when it is looked at, and no asset, whatever is wrong with its text. */
  readonly live?: true;
  /**
   * Whether a fence is of this type, by its language and attributes. A fence in a language that `notebook/parse.ts` does
   * not list is prose, and nothing is asked about it.
   */
  takes(cell: CellText): boolean;
  /**
   * What the cell reads, and what its output depends on beside that.
   *
   * @throws {WorkspaceError} for a cell that cannot be carried out; the cell is shown with it
   */
  analyse(cell: CellText, context: AnalysisContext): Promise<Analysis>;
  /** Looks at what an external stands for; null when it is not there. */
  observe?(
    cell: CellText,
    attributes: PartitionAttributes,
    context: WorkContext,
  ): Promise<Observation | null>;
  /** Writes the output into `step.staging`. */
  materialise?(step: Step, context: WorkContext): Promise<StepResult>;
}

export type Analysis = Pick<CellAnalysis, "inputs" | "parts" | "output"> &
  Partial<
    Pick<
      CellAnalysis,
      "external" | "partitioned" | "tolerant" | "light" | "optional" | "others" | "engine" | "ofText"
    >
  >;

export interface AnalysisContext {
  readonly notebooks: string;
  /** Names of the module folders. */
  readonly modules: readonly string[];
  readonly connect: () => Promise<Connection>;
}

/** A step with its inputs looked up: each file's bytes were checked against its hash. */
export interface Step extends StepOrder {
  /** The input of a name that the cell's text gives. @throws {WorkspaceError} `asset` when it is not there */
  input(name: string): InputFiles;
  /** Directory that holds the files of an input under their own names; gone when the step ends. */
  directory(input: InputFiles): Promise<string>;
}

export interface WorkContext {
  readonly software: string;
  readonly notebooks: string;
  /** Directory of what was downloaded, such as a reference. */
  readonly cache: string;
  readonly spill: string;
  /** What the engines of this kernel may take together. */
  readonly limits: EngineLimits;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** A connection of DuckDB with this kernel's limits, closed when the work ends; `reach` shuts all other files out. */
  readonly connect: (
    reach?: Pick<EngineOptions, "allowedDirectories" | "allowedPaths">,
  ) => Promise<Connection>;
  /**
   * A connection to one database that all work of this kernel shares, for small work that leaves nothing behind and
   * makes nothing but temporary tables: to open a database of its own takes longer than it.
   */
  readonly connectShared: () => Promise<Connection>;
}

/** What was written: names relative to the staging directory, and what to remember. */
export type StepResult = Pick<Produced, "table" | "facts"> &
  Partial<Pick<Produced, "modules" | "reference" | "engine">> & {
    readonly files: readonly string[];
    /** Columns of the table whose text is percent-encoded. */
    readonly encoded?: readonly string[];
    /** Where the columns of the table are from, among those of the inputs; null or absent: not known. */
    readonly lineage?: QueryLineage | null;
    /** Rows of the table, taken while it was written; whoever carries out the step closes it. */
    readonly sample?: RowSample;
  };
