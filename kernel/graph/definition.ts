import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { EngineChoice, OtherVersion } from "#protocol/kernel-messages.ts";
import type { OutputKind } from "#protocol/view.ts";

/** An asset as a cell or a module folder declares it. */
export interface AssetDefinition {
  readonly key: AssetKey;
  /** Cell type: `source`, `config`, `normalise`, `module`, `modules`, `annotate`, `report`, `sql` … */
  readonly kind: string;
  /** Observed from outside the graph (a file, a value), never run. */
  readonly external: boolean;
  /** Has one output a partition. Of an external, its own choice; else so when any upstream is. */
  readonly partitioned: boolean;
  readonly inputs: readonly AssetKey[];
  /**
   * What the output depends on beside its inputs: part → hash or version, such as `source`, `variants.csv`,
   * `duckdb`. The code version is made of these, and a stale asset names the part that changed.
   */
  readonly parts: Readonly<Record<string, string>>;
  readonly output: OutputKind;
  /** Goes on without inputs that failed, and says so in its output. */
  readonly tolerant: boolean;
  /** Takes little time and memory: may be made beside other steps. */
  readonly light: boolean;
  /** Those of `inputs` that are read when they are there, and not made for this. */
  readonly optional: readonly AssetKey[];
  /** Versions that it is compared with, of its own sample or of others. */
  readonly others: readonly OtherVersion[];
  /** The engines that a run may choose from; null: it takes no choice. The own one is among `parts` by its name. */
  readonly engine: EngineChoice | null;
  readonly place: Place;
  /** What the kernel needs to carry it out. */
  readonly cell: CellCode;
  /** Why it cannot be carried out at all. */
  readonly error: ErrorInfo | null;
}

/** Where an asset is declared: a cell of a notebook, or the folder of a module. */
export interface Place {
  readonly notebook: string | null;
  readonly cell: string | null;
  readonly line: number;
}

export interface CellCode {
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly source: string;
}

/** Whether a person turned it off: `disabled` after the name in its fence. It and all below it never run. */
export function isDisabled({ cell }: Pick<AssetDefinition, "cell">): boolean {
  return "disabled" in cell.attributes;
}

/** The part that a run adds when it chose another engine than the cell's: `polars 0.24.1`. */
export const ENGINE_OF_RUN = "engine of the run";
/** Parts whose change is a change of software, not of what a person wrote. */
export const SOFTWARE_PARTS: ReadonlySet<string> = new Set(["karyon", "duckdb", "polars", ENGINE_OF_RUN]);
