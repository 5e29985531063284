import type { ChildProcess } from "node:child_process";

import { anotherBuild } from "#protocol/build.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type {
  KernelMessage,
  KernelRequest,
  KernelResult,
  KernelSettings,
  LiveQuery,
  ExportFormat,
  ViewedTable,
} from "#protocol/kernel-messages.ts";
import type { ColumnSummary } from "#protocol/messages.ts";
import type { Progress } from "#protocol/record.ts";

import { died, outOfMemory, unstoppable } from "./kernel-death.ts";
import type { KernelDeath } from "./kernel-death.ts";
import { endOf, forkKernel, removeSpilled } from "./kernel-process.ts";
import type { ProcessEnd } from "./kernel-process.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { Upkeep } from "./upkeep.ts";

/** How long a kernel may go on after it was asked to stop. */
const GRACE_MS = 1500;
/** What is kept of a kernel's last words. */
const STDERR_CHARACTERS = 4000;

interface Waiting {
  readonly abort: () => void;
  readonly resolve: (result: KernelResult) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((progress: Progress) => void) | undefined;
  readonly batch: ((bytes: Uint8Array) => void) | undefined;
}

type Omitted<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;
/** A request that the kernel numbers itself. */
export type KernelWork = Omitted<Exclude<KernelRequest, { type: "cancel" | "credit" }>>;

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (progress: Progress) => void;
  readonly batch?: (bytes: Uint8Array) => void;
}

/**
 * One kernel process. A request that is aborted is asked to stop; when it does not within {@link GRACE_MS}, the
 * process is killed, which is the one cancel that always works. Every request settles.
 */
export class Kernel {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #stderr = "";
  #end: KernelDeath | null = null;
  /** Why we end it, when it is us. */
  #reason: KernelDeath | null = null;
  #capBytes = Infinity;
  #runsAtOnce = 1;
  readonly #upkeep: Upkeep;
  readonly #memory: MemoryWatch;
  readonly #changed: () => void;
  /** Settles when its process is gone, and what it had spilled. */
  readonly gone: Promise<void>;

  private constructor(child: ChildProcess, spill: string, changed: () => void) {
    this.#child = child;
    this.#changed = changed;
    this.#upkeep = new Upkeep(changed);
    this.#memory = new MemoryWatch(child.pid, {
      // Better we, and by name, than the system, which may take another process.
      held: (bytes) => {
        if (bytes > this.#capBytes) this.kill(outOfMemory(bytes, this.#capBytes));
      },
      changed,
    });
    child.on("message", (message: KernelMessage) => this.#receive(message));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
    });
    this.gone = endOf(child).then((end) => {
      this.#ended(end);
      return removeSpilled(spill, child.pid);
    });
  }

  /**
   * @param changed called when it begins or ends work, comes to hold another amount of memory, or is gone
   * @throws {WorkspaceError} `asset` when it is of another build: Karyon was updated since this process started
   */
  static async start(settings: KernelSettings, changed: () => void = () => {}): Promise<Kernel> {
    const child = forkKernel();
    const kernel = new Kernel(child, settings.spill, changed);
    await new Promise<void>((resolve, reject) => {
      child.on("message", (message: KernelMessage) => {
        if (message.type !== "ready") return;
        const refusal = anotherBuild(settings.build, message.build);
        if (refusal !== null) {
          reject(refusal);
          kernel.kill();
          return;
        }
        kernel.#capBytes = message.capBytes;
        kernel.#runsAtOnce = message.runsAtOnce;
        resolve();
      });
      void kernel.gone.then(() => reject(kernel.#end ?? new Error("the kernel ended")));
      child.on("error", reject);
      child.send({ type: "start", settings } satisfies KernelRequest);
    });
    return kernel;
  }

  get alive(): boolean {
    return this.#end === null;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Requests that are not answered yet. */
  get working(): number {
    return this.#waiting.size;
  }

  get isBusy(): boolean {
    return this.working > 0;
  }

  /** Null when not known. */
  get heldBytes(): number | null {
    return this.#memory.heldBytes;
  }

  get capBytes(): number {
    return this.#capBytes;
  }

  /** How many kernels that make assets the machine bears, by what this one found. */
  get runsAtOnce(): number {
    return this.#runsAtOnce;
  }

  /** How it ended; null while it lives. */
  get death(): KernelDeath | null {
    return this.#end;
  }

  request(work: KernelWork, options: RequestOptions = {}): Promise<KernelResult> {
    const { signal, progress, batch } = options;
    if (this.#end !== null) return Promise.reject(this.#end);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = ++this.#lastId;
    return new Promise<KernelResult>((resolve, reject) => {
      let grace: NodeJS.Timeout | undefined;
      const abort = (): void => {
        this.#send({ type: "cancel", id });
        grace ??= setTimeout(() => this.kill(unstoppable()), GRACE_MS);
      };
      const settled = (): void => {
        clearTimeout(grace);
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(id);
        if (!this.isBusy) this.#rest();
      };
      this.#waiting.set(id, {
        abort,
        resolve: (result) => (settled(), resolve(result)),
        reject: (error) => (settled(), reject(error)),
        progress,
        batch,
      });
      signal?.addEventListener("abort", abort);
      this.#send({ ...work, id });
      this.#work();
    });
  }

  /** What a function of `kernel/calls.ts` gives back. */
  async call(name: string, parameters: unknown, options: RequestOptions = {}): Promise<unknown> {
    const result = await this.request({ type: "call", name, parameters }, options);
    if (result === null || !("value" in result)) throw new Error(`the kernel gave no value: ${name}`);
    return result.value;
  }

  /** Arrow messages of rows `offset` … `offset + limit - 1` of a table under its view, 0-based. */
  page(
    table: ViewedTable,
    { offset, limit }: { readonly offset: number; readonly limit: number },
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    return this.#stream({ type: "table", table, offset, limit }, signal);
  }

  /**
   * Rows of a table under its view; null when that is not known soon, and its first page can be shown before.
   *
   * @throws {WorkspaceError} `usage` for a view that does not fit the table
   */
  async rows(table: ViewedTable, signal: AbortSignal): Promise<number | null> {
    const result = await this.request({ type: "rows", table }, { signal });
    if (result === null || !("rows" in result)) throw new Error("the kernel did not count the rows");
    return result.rows;
  }

  /**
   * Has what finds an rsID of a table at once made, where there is none; of one table at a time, and nobody waits for
   * it. An interrupt stops it, and then, as when it fails, rows are found as before.
   */
  index(table: ViewedTable): void {
    this.#upkeep.begin((progress) =>
      this.request({ type: "index", table: { path: table.path } }, { progress }),
    );
  }

  /** What it makes for later look-ups: see {@link Upkeep.words}. */
  get upkeep(): string | null {
    return this.#upkeep.words;
  }

  /** Statistics of a column under a view. @throws {WorkspaceError} as {@link rows} */
  async column(table: ViewedTable, column: string, signal: AbortSignal): Promise<ColumnSummary> {
    const result = await this.request({ type: "column", table, column }, { signal });
    if (result === null || !("column" in result)) throw new Error("the kernel did not look at the column");
    return result.column;
  }

  /** Arrow messages of what live SQL gives. An error of a cell's text names the cell and the place in it. */
  query(query: LiveQuery, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    return this.#stream({ type: "query", query }, signal);
  }

  /** Bytes of a table under its view as a file of another format. */
  export(table: ViewedTable, format: ExportFormat, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    return this.#stream({ type: "export", table, format }, signal);
  }

  /** What a piece of work sends, pulled one message at a time; the kernel runs at most a few ahead. */
  async *#stream(work: KernelWork, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const arrived: Uint8Array[] = [];
    let wake = (): void => {};
    let ended = false;
    const failures: Error[] = [];
    const stop = new AbortController();
    const id = this.#lastId + 1;
    const end = this.request(work, {
      signal: AbortSignal.any([signal, stop.signal]),
      batch: (bytes) => (arrived.push(bytes), wake()),
    })
      .catch((error: unknown) => {
        failures.push(error instanceof Error ? error : new Error(String(error), { cause: error }));
      })
      .finally(() => {
        ended = true;
        wake();
      });
    try {
      for (;;) {
        const bytes = arrived.shift();
        if (bytes !== undefined) {
          this.#send({ type: "credit", id, messages: 1 });
          yield bytes;
        } else if (ended) {
          const [failure] = failures;
          if (failure !== undefined) throw failure;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      if (!ended) stop.abort(new WorkspaceError({ code: "cancelled", message: "the stream was closed" }));
      await end;
    }
  }

  /** Asks all that it does to stop. */
  interrupt(): void {
    for (const { abort } of this.#waiting.values()) abort();
  }

  /** Ends it now. What waits for it is answered with `reason`, or with how it died. */
  kill(reason: KernelDeath | null = null): void {
    this.#reason ??= reason;
    this.#child.kill("SIGKILL");
  }

  #work(): void {
    if (this.#memory.watch()) this.#changed();
  }

  #rest(): void {
    this.#memory.rest();
    this.#changed();
  }

  #send(message: KernelRequest): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #receive(message: KernelMessage): void {
    if (message.type === "ready") return;
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    switch (message.type) {
      case "progress":
        waiting.progress?.(message.progress);
        break;
      case "batch":
        waiting.batch?.(message.bytes);
        break;
      case "reply":
        if ("error" in message) waiting.reject(new WorkspaceError(message.error));
        else waiting.resolve(message.result);
        break;
    }
  }

  #ended({ code, signal }: ProcessEnd): void {
    const death = this.#reason ?? died(code, signal, this.#stderr);
    this.#end = death;
    for (const { reject } of this.#waiting.values()) reject(death);
    this.#changed();
  }
}
