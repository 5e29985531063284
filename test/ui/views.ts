/** Views as a server would send them, as small as a test needs. */
import type { AssetKey, CodeVersion, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AssetView, CellView, NotebookView, RunView, Snapshot, StepView } from "#protocol/view.ts";

export const PERSON = "demo/genome" as PartitionKey;

export function key(name: string): AssetKey {
  return name as AssetKey;
}

export function record(name: string, changes: Partial<AssetRecord> = {}): AssetRecord {
  return {
    seq: 1,
    run: 1,
    asset: key(name),
    partition: PERSON,
    codeVersion: "c0de" as CodeVersion,
    parts: {},
    dataVersion: "da7a00ff" as DataVersion,
    inputs: [],
    bytes: 1000,
    software: "karyon",
    madeAt: "2026-01-01T00:00:00Z",
    files: [],
    table: `${name}.parquet`,
    rows: 3,
    columns: [],
    seconds: 2,
    cpuPercent: 100,
    peakRssMb: 100,
    engine: null,
    modules: [],
    reference: null,
    facts: null,
    ...changes,
  };
}

export function asset(name: string, changes: Partial<AssetView> = {}): AssetView {
  return {
    key: key(name),
    partition: PERSON,
    kind: "sql",
    external: false,
    upstream: [],
    downstream: [],
    notebook: "a.md",
    status: { state: "fresh" },
    held: false,
    earlier: false,
    record: record(name),
    observed: null,
    output: "table",
    ...changes,
  };
}

export function cell(id: string, changes: Partial<CellView> = {}): CellView {
  return {
    id,
    name: id,
    language: "sql",
    kind: "sql",
    source: `select 1 as ${id}`,
    attributes: {},
    inputs: [],
    asset: key(id),
    error: null,
    disabledBy: null,
    ...changes,
  };
}

export function prose(id: string, source: string): CellView {
  return cell(id, { name: null, language: "md", kind: "markdown", source, asset: null, inputs: null });
}

export function notebook(cells: readonly CellView[], revision = 1): NotebookView {
  return { path: "a.md", title: "A", revision, canUndo: false, canRedo: false, untrusted: null, cells };
}

export function step(name: string, changes: Partial<StepView> = {}): StepView {
  return {
    asset: key(name),
    partition: PERSON,
    state: "pending",
    reason: null,
    progress: null,
    waitsFor: null,
    sparing: null,
    startedAt: null,
    seconds: null,
    error: null,
    ...changes,
  };
}

export function run(id: number, state: RunView["state"], steps: readonly StepView[]): RunView {
  return {
    id,
    selection: "",
    partition: PERSON,
    state,
    startedAt: "2026-01-01T00:00:00Z",
    endedAt: null,
    stoppingSince: null,
    waitsFor: [],
    steps,
  };
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    boot: "first",
    seq: 10,
    workspace: "w",
    software: "karyon",
    notebooks: [],
    notebook: {
      path: "a.md",
      title: "A",
      revision: 1,
      canUndo: false,
      canRedo: false,
      untrusted: null,
      cells: [],
    },
    partition: PERSON,
    partitions: [],
    assets: [],
    kernel: { notebook: "a.md", state: "idle", upkeep: null, heldBytes: 2e8, capBytes: 8e9, death: null },
    runs: [],
    ...changes,
  };
}
