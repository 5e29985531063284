import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { RecordBatchStreamWriter, tableFromArrays } from "apache-arrow";

import { WorkspaceError } from "#protocol/error.ts";
import { assetKey, partitionKey, WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type {
  ColumnRequest,
  ColumnSummary,
  Cursor,
  QueryRequest,
  TableRequest,
  WorkspaceEvent,
} from "#protocol/messages.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";
import type { AssetView, Snapshot } from "#protocol/view.ts";

import type { Uploaded, UploadRequest } from "../../server/uploads.ts";
import type { ExportRequest, Resumed, VerbContext, WorkspaceApi } from "../../server/workspace-api.ts";

export const ANNA: PartitionKey = partitionKey("anna", "child");
export const BORIS: PartitionKey = partitionKey("boris", "father");
export const VARIANTS: AssetKey = assetKey("user/variants");
export const REFERENCE: AssetKey = assetKey("reference");
export const REPORT_HTML = "<!doctype html><title>Report</title><p>rs429358</p>";

/** About 100 kB a message. */
export const BATCH_ROWS = 8_192;

type Unnumbered<Event> = Event extends unknown ? Omit<Event, "seq"> : never;

/**
 * A workspace of one notebook, two persons and one table of any length, whose rows are computed: `start` is
 * the row's number, 0-based. Everything it was asked to do is counted, so that tests see what the edge did.
 */
export class TinyWorkspace implements WorkspaceApi {
  readonly folder: string = mkdtempSync(join(tmpdir(), "karyon-edge-"));
  /** Arrow messages that were asked for. */
  pulled = 0;
  /** Tables that are being read. */
  reading = 0;
  /** Verbs and runs that were started. */
  readonly started: string[] = [];
  readonly cancelled: RunId[] = [];
  /** What pages show. */
  readonly looks: string[] = [];
  /** What a client missed that comes back with a cursor. */
  missed: WorkspaceEvent[] = [];
  /** The next snapshot waits for this. */
  delay: Promise<unknown> | null = null;
  readonly #listeners = new Set<(event: WorkspaceEvent) => void>();
  readonly #files = new Map<string, string>();
  #seq = 7;
  readonly #sizes = new Map<string, number>();
  #waiting: (() => void)[] = [];

  constructor() {
    this.store(VARIANTS, ANNA, "report.html", REPORT_HTML);
    this.store(REFERENCE, WHOLE, "tables/reference.parquet", "PAR1 not for a browser PAR1");
  }

  /** Puts a file into the current output of an asset. */
  store(asset: AssetKey, partition: PartitionKey, name: string, content: string): string {
    const path = join(this.folder, `object-${this.#files.size}`);
    writeFileSync(path, content);
    this.#files.set(JSON.stringify([asset, partition, name]), path);
    this.#sizes.set(path, Buffer.byteLength(content));
    return path;
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  /** Settles when `condition` holds; asked again whenever something was asked of the workspace. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  happen(event: Unnumbered<WorkspaceEvent>): void {
    this.#seq += 1;
    for (const listener of this.#listeners) listener({ ...event, seq: this.#seq });
  }

  async snapshot(notebook: string | null, partition: PartitionKey | null): Promise<Snapshot> {
    if (notebook !== null && notebook !== "genome.md") {
      throw new WorkspaceError({ code: "usage", message: `notebook not found: ${notebook}` });
    }
    const seq = this.#seq;
    const { delay } = this;
    this.delay = null;
    await delay;
    // Happens while the snapshot is made, after what it contains.
    if (notebook === "genome.md") this.happen({ type: "definitions" });
    return snapshot(seq, partition ?? ANNA);
  }

  resume(cursor: Cursor): Resumed | null {
    return cursor.boot === "tiny" && cursor.seq <= this.#seq ? { events: this.missed, seq: this.#seq } : null;
  }

  subscribe(listener: (event: WorkspaceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#changed();
    };
  }

  look(notebook: string, partition: PartitionKey): () => void {
    const look = `${notebook} ${partition}`;
    this.looks.push(look);
    return () => {
      this.looks.splice(this.looks.indexOf(look), 1);
      this.#changed();
    };
  }

  async startRun(select: string, partition: PartitionKey, engine?: string): Promise<RunId> {
    if (select === "nothing")
      throw new WorkspaceError({ code: "usage", message: "selects nothing: nothing" });
    if (select === "defect") throw new TypeError("secret /home/anna/genome.vcf is not a function");
    this.started.push(`${select} ${partition}${engine === undefined ? "" : ` on ${engine}`}`);
    return this.started.length;
  }

  cancelRun(run: RunId, kill: boolean): void {
    this.cancelled.push(run);
    if (kill) this.started.push(`kill ${run}`);
  }

  kernel(notebook: string, action: "interrupt" | "restart"): Promise<void> {
    this.started.push(`${action} ${notebook}`);
    return Promise.resolve();
  }

  async *table({ asset, offset, limit }: TableRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (asset !== VARIANTS) throw new WorkspaceError({ code: "asset", message: `asset missing: ${asset}` });
    this.reading++;
    try {
      yield schemaMessage();
      for (let row = offset; row < offset + limit; row += BATCH_ROWS) {
        signal.throwIfAborted();
        this.pulled++;
        this.#changed();
        yield batchMessage(row, Math.min(BATCH_ROWS, offset + limit - row));
      }
    } finally {
      this.reading--;
      this.#changed();
    }
  }

  rows({ view }: TableRequest): Promise<number | null> {
    return Promise.resolve(view === undefined ? null : 1_000);
  }

  /** A live cell gives the rows of the table, as many as it is asked for. */
  query({ partition, limit, cell }: QueryRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    this.started.push(`query ${cell}`);
    return this.table({ asset: VARIANTS, partition, offset: 0, limit }, signal);
  }

  column({ column }: ColumnRequest): Promise<ColumnSummary> {
    this.started.push(`column ${column}`);
    return Promise.resolve({ rows: 3, nulls: 1, distinct: 2, histogram: null, top: [] });
  }

  async edit(notebook: string, ops: readonly NotebookOp[]): Promise<number> {
    if (notebook !== "genome.md") {
      throw new WorkspaceError({ code: "usage", message: `notebook not found: ${notebook}` });
    }
    this.started.push(...ops.map(({ op }) => op));
    return this.started.length;
  }

  async undo(): Promise<number> {
    return this.started.push("undo");
  }

  async redo(): Promise<number> {
    return this.started.push("redo");
  }

  async save(notebook: string): Promise<string> {
    this.started.push(`save ${notebook}`);
    return "5ave";
  }

  async trust(notebook: string, revision: number): Promise<number> {
    return this.started.push(`trust ${notebook} ${revision}`);
  }

  /** The file says what was asked for. */
  async *export({ asset, format, view }: ExportRequest): AsyncGenerator<Uint8Array> {
    if (asset !== VARIANTS) throw new WorkspaceError({ code: "asset", message: `asset missing: ${asset}` });
    yield Buffer.from(`${format} `);
    yield Buffer.from(JSON.stringify(view ?? null));
  }

  async upload({ user, name }: UploadRequest, body: AsyncIterable<Uint8Array>): Promise<Uploaded> {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    this.started.push(`upload ${user}/${name}`);
    const bytes = Buffer.concat(parts).byteLength;
    return { partition: ANNA, file: name, bytes, inspection: null };
  }

  file(asset: AssetKey, partition: PartitionKey, name: string): { path: string; bytes: number } | null {
    const path = this.#files.get(JSON.stringify([asset, partition, name]));
    return path === undefined ? null : { path, bytes: this.#sizes.get(path) ?? 0 };
  }

  exported(name: string): string {
    return join(this.folder, "exports", name);
  }

  async verb(name: string, parameters: unknown, { signal, progress }: VerbContext): Promise<unknown> {
    this.started.push(name);
    switch (name) {
      case "echo":
        progress(VARIANTS, { phase: "reading genome.vcf.gz", records: 5 });
        return parameters;
      case "late":
        progress(null, { phase: "reading" });
        throw new WorkspaceError({ code: "source", message: "not a VCF: genome.vcf" });
      case "defect":
        throw new TypeError("genotype A/G of rs429358 is not a function");
      case "wait":
        progress(null, { phase: "waiting" });
        await new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve());
        });
        this.cancelled.push(0);
        this.#changed();
        throw signal.reason as Error;
      default:
        throw new WorkspaceError({ code: "usage", message: `unknown verb: ${name}` });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export function assetView(key: AssetKey, partition: PartitionKey): AssetView {
  return {
    key,
    partition,
    kind: "sql",
    external: false,
    upstream: [],
    downstream: [],
    notebook: "genome.md",
    status: { state: "missing" },
    held: false,
    record: null,
    earlier: false,
    observed: null,
    output: "table",
  };
}

function snapshot(seq: number, partition: PartitionKey): Snapshot {
  return {
    boot: "tiny",
    seq,
    workspace: "tiny",
    software: "karyon 0.1.0",
    notebooks: [{ path: "genome.md", title: "A genome" }],
    notebook: {
      path: "genome.md",
      title: "A genome",
      revision: 1,
      canUndo: false,
      canRedo: false,
      untrusted: null,
      cells: [],
    },
    partition,
    partitions: [ANNA, BORIS].map((key) => ({ key, source: null, synthetic: true })),
    assets: [assetView(VARIANTS, partition)],
    kernel: {
      notebook: "genome.md",
      state: "off",
      upkeep: null,
      heldBytes: null,
      capBytes: null,
      death: null,
    },
    runs: [],
  };
}

function schemaMessage(): Uint8Array {
  return split(ipc(0, 1)).schema;
}

function batchMessage(first: number, rows: number): Uint8Array {
  return split(ipc(first, rows)).batch;
}

function ipc(first: number, rows: number): Uint8Array {
  const start = Int32Array.from({ length: rows }, (_, row) => first + row);
  const quality = Float64Array.from(start, (row) => (row % 60) + 0.5);
  return RecordBatchStreamWriter.writeAll(tableFromArrays({ start, quality })).toUint8Array(true);
}

/** The two messages of a stream of one batch: 0xFFFFFFFF, length of the metadata, metadata, body; then 8 bytes of end. */
function split(stream: Uint8Array): { schema: Uint8Array; batch: Uint8Array } {
  const metadata = new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return { schema: stream.slice(0, 8 + metadata), batch: stream.slice(8 + metadata, -8) };
}
