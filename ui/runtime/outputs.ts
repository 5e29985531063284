import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { DataVersion } from "#protocol/ids.ts";
import type { AssetView, Snapshot } from "#protocol/view.ts";

import { fileUrl } from "../connection/urls.ts";
import { stripTypes } from "#notebook/strip-types.ts";
import { followCells } from "../state/follow-cells.ts";
import { openAssetTable } from "../table/asset-table.ts";
import type { TablePages } from "../table/table-pages.ts";
import { Arrivals } from "./arrivals.ts";
import type { Arrival } from "./arrivals.ts";
import { browserCells } from "./browser-cells.ts";
import { compute } from "./compute.ts";
import type { PageServer, Surroundings } from "./compute.ts";
import { Dataflow } from "./dataflow.ts";
import type { Definition } from "./definitions.ts";
import {
  assetVariable,
  cellVariable,
  definitions,
  namedVariable,
  sameDefinition,
  versionOf,
} from "./definitions.ts";
import { loadScript } from "./load-script.ts";
import type { LoadScript } from "./load-script.ts";
import type { Output } from "./output.ts";
import { Stage } from "./stage.ts";
import { isTrusted } from "./trust.ts";

export interface CellLinks {
  readonly reads: readonly string[];
  readonly defines: readonly string[];
}

/** Tables kept open, so that what is computed again with the same content is there at once. */
const TABLES_KEPT = 48;

/** The values of all variables of the page; the last good one stays while the next is computed. */
export class Outputs {
  readonly #server: PageServer;
  readonly #load: LoadScript;
  readonly #prepare: Surroundings["prepare"];
  readonly #flow: Dataflow<Output>;
  readonly #defined = new Map<string, Definition>();
  readonly #values = new Map<string, Output>();
  readonly #tables = new Map<string, TablePages>();
  readonly #stages = new Map<string, Stage>();
  readonly #arrivals = new Arrivals(() => this.#changed());
  /** Variables that are being computed again; what they show is what they were. */
  readonly #pending = new Set<string>();
  /** Text of `ts` cells → the same without types, or what is wrong with it; null while it is being made. */
  readonly #stripped = new Map<string, string | ErrorInfo | null>();
  /** Names that cells of the notebook defined before they were deleted. */
  readonly #deleted = new Set<string>();
  #snapshot: Snapshot | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    server: PageServer,
    load: LoadScript = loadScript,
    prepare: Surroundings["prepare"] = () => {},
  ) {
    this.#server = server;
    this.#load = load;
    this.#prepare = prepare;
    this.#flow = new Dataflow<Output>(
      {
        pending: (name) => {
          if (this.#pending.has(name)) return;
          this.#pending.add(name);
          if (this.#values.has(name)) this.#changed();
        },
        fulfilled: (name, value) => {
          if (!this.#pending.delete(name) && this.#values.get(name) === value) return;
          this.#values.set(name, value);
          this.#changed();
        },
      },
      (error) => ({ kind: "error", error: errorInfo(error) }),
    );
  }

  /** Null while it is computed for the first time. */
  value(name: string): Output | null {
    return this.#values.get(name) ?? null;
  }

  /** What a cell shows: its output, or what one of the values that it defines ended in, such as a generator's. */
  ofCell(cell: string): Output | null {
    const output = this.value(cellVariable(cell));
    const names = output?.kind === "cell" ? Object.keys(output.outputs) : [];
    const values = names.map((name) => this.value(namedVariable(name)));
    return values.find((value) => value?.kind === "error") ?? output;
  }

  /** What each cell of the page reads and defines, by name. */
  links(): ReadonlyMap<string, CellLinks> {
    const { assets, notebook } = this.#snapshot ?? { assets: [], notebook: null };
    if (notebook === null) return new Map();
    const cells = browserCells(notebook, new Set(assets.map(({ key }) => key)), (text) => this.#strip(text));
    return new Map(
      cells.map(({ cell, script, outputs }) => [
        cell.id,
        { reads: [...(cell.inputs ?? []), ...(script?.inputs ?? [])], defines: outputs },
      ]),
    );
  }

  /** Whether a newer value is on its way. */
  isPending(name: string): boolean {
    return this.#pending.has(name);
  }

  /** What has come of a value that is still being read, or was stopped; null for one that is whole. */
  arrival(name: string): Arrival | null {
    return this.#arrivals.of(name);
  }

  /** Stops reading a value; what has come of it is shown, and what reads it is told. Whether it was being read. */
  stop(name: string): boolean {
    return this.#arrivals.stop(name);
  }

  /** Whether cells run: see {@link isTrusted}. */
  mayRun(): boolean {
    return this.#snapshot === null || isTrusted(this.#snapshot.notebook);
  }

  /** Where a cell displays. */
  stage(cell: string): Stage {
    const stage = this.#stages.get(cell) ?? new Stage();
    this.#stages.set(cell, stage);
    return stage;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Defines what is new or other, deletes what is gone; what is the same is not touched. */
  sync(snapshot: Snapshot): void {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    if (before !== null) this.#noteDeleted(before, snapshot);
    const next = definitions(snapshot, (source) => this.#strip(source), this.#deleted);
    if (before !== null && isElsewhere(before, snapshot)) this.#clear(next);
    const names = new Set(next.map((definition) => definition.name));
    for (const name of [...this.#defined.keys()].filter((name) => !names.has(name))) {
      this.#flow.delete(name);
      this.#defined.delete(name);
      this.#values.delete(name);
      this.#pending.delete(name);
      this.#arrivals.forget(name);
    }
    const cells = new Set(snapshot.notebook.cells.map((cell) => cell.id));
    for (const cell of this.#stages.keys()) if (!cells.has(cell)) this.#stages.delete(cell);
    for (const definition of next) {
      const old = this.#defined.get(definition.name);
      if (old === undefined || !sameDefinition(old, definition)) this.#define(definition);
    }
  }

  /** Computes again what failed, or the one that is named: the connection is back, or a person asked. */
  retry(only?: string): void {
    for (const [name, definition] of this.#defined) {
      if (only !== undefined && name !== only) continue;
      if (this.#values.get(name)?.kind === "error") this.#define(definition);
    }
  }

  /**
   * Computes a cell anew, and what reads it, though nothing became different: a person asked. A cell that is an input
   * keeps what was chosen in it.
   */
  rerun(cell: string): void {
    for (const definition of this.#defined.values()) {
      // A query follows its values, which it may have none of.
      const isOwn = "cell" in definition && definition.cell.id === cell;
      if (isOwn && definition.of !== "input" && definition.of !== "query") this.#define(definition);
    }
  }

  dispose(): void {
    this.#flow.dispose();
  }

  #noteDeleted(before: Snapshot, { notebook }: Snapshot): void {
    if (before.notebook.path !== notebook.path || before.notebook.at !== notebook.at) this.#deleted.clear();
    else {
      const stay = new Set(notebook.cells.map(({ id }) => id));
      const followed = followCells(before.notebook.cells, notebook.cells);
      const gone = before.notebook.cells.filter(({ id }) => !stay.has(id) && !followed.has(id));
      const shown = new Set(gone.map(({ id }) => cellVariable(id)));
      for (const one of this.#defined.values())
        if (one.of === "output" && shown.has(one.inputs[0] ?? "")) this.#deleted.add(one.output);
    }
  }

  /**
   * Nothing of another person, notebook or time is left on the screen while this one's is on its way, or cannot be had.
   * What is the same there is not computed again, and stays.
   */
  #clear(next: readonly Definition[]): void {
    const other = new Set(
      next.flatMap((definition) => {
        const old = this.#defined.get(definition.name);
        return old !== undefined && sameDefinition(old, definition) ? [] : [definition.name];
      }),
    );
    for (const name of other) {
      this.#values.delete(name);
      this.#arrivals.forget(name);
      for (const { name: reader, inputs } of next) if (inputs.includes(name)) other.add(reader);
    }
    for (const definition of next) {
      if ("cell" in definition && other.has(definition.name)) this.#stages.get(definition.cell.id)?.clear();
    }
    this.#changed();
  }

  #define(definition: Definition): void {
    this.#defined.set(definition.name, definition);
    this.#flow.define(definition.name, definition.inputs, (inputs, signal) =>
      definition.of === "asset"
        ? this.#output(definition.asset, signal)
        : compute(definition, inputs, signal, {
            server: this.#server,
            load: this.#load,
            stage: (cell) => this.stage(cell),
            arrivals: this.#arrivals,
            prepare: this.#prepare,
          }),
    );
  }

  /** Text without types, when it is there; else it is made, and the cells are looked at again. */
  #strip(source: string): string | ErrorInfo | null {
    const known = this.#stripped.get(source);
    if (known !== undefined) return known;
    this.#stripped.set(source, null);
    void this.#stripNow(source);
    return null;
  }

  async #stripNow(source: string): Promise<void> {
    this.#stripped.set(source, await stripTypes(source).catch((error: unknown) => errorInfo(error)));
    if (this.#snapshot !== null) this.sync(this.#snapshot);
  }

  async #output(asset: AssetView, signal: AbortSignal): Promise<Output> {
    if (asset.external)
      return asset.observed === null ? { kind: "none" } : { kind: "value", text: asset.observed };
    if (asset.record === null) return { kind: "none" };
    switch (asset.output) {
      case "table":
        return { kind: "table", table: await this.#table(asset, signal), rows: null, notes: [] };
      case "report": {
        const file = reportFile(asset);
        return file === null
          ? { kind: "none" }
          : {
              kind: "report",
              url: fileUrl(asset.key, asset.partition, file, asset.record.dataVersion),
              file,
            };
      }
      case "none":
        return { kind: "none" };
    }
  }

  async #table(asset: AssetView, signal: AbortSignal): Promise<TablePages> {
    const { record } = asset;
    if (record === null) throw new Error("a table without a record");
    const version = `${asset.key} ${versionOf(asset)}`;
    const known = this.#tables.get(version);
    if (known !== undefined) return known;
    const current = (): DataVersion | null => this.#currentVersion(asset);
    const table = await openAssetTable(record, this.#server, current, signal, asset.past);
    this.#tables.set(version, table);
    for (const old of this.#tables.keys()) if (this.#tables.size > TABLES_KEPT) this.#tables.delete(old);
    return table;
  }

  /** Of the asset as the server last told of it; its own once it is no longer shown. */
  #currentVersion(asset: AssetView): DataVersion | null {
    const defined = this.#defined.get(assetVariable(asset.key));
    const shown =
      defined?.of === "asset" && defined.asset.partition === asset.partition ? defined.asset : asset;
    return shown.record?.dataVersion ?? null;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Whether two pictures are of another person, notebook or time. */
function isElsewhere(one: Snapshot, other: Snapshot): boolean {
  return (
    one.partition !== other.partition ||
    one.notebook.path !== other.notebook.path ||
    one.notebook.at !== other.notebook.at
  );
}

/** The page of a report: of several the one with the shortest name, as copies with a time in it are longer. */
function reportFile(asset: AssetView): string | null {
  const pages = (asset.record?.files ?? []).filter((file) => /\.html?$/i.test(file.name));
  return pages.toSorted((a, b) => a.name.length - b.name.length)[0]?.name ?? null;
}
