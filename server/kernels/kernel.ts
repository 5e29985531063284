import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

import { WorkspaceError } from "#protocol/error.ts";
import type {
  KernelMessage,
  KernelRequest,
  KernelResult,
  KernelSettings,
} from "#protocol/kernel-messages.ts";
import type { Progress } from "#protocol/record.ts";

const ENTRY = fileURLToPath(new URL("../../kernel/main.ts", import.meta.url));
/** How long a kernel may go on after it was asked to stop. */
const GRACE_MS = 2000;
/** What is kept of a kernel's last words. */
const STDERR_CHARACTERS = 4000;

interface Waiting {
  readonly resolve: (result: KernelResult) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((progress: Progress) => void) | undefined;
  readonly batch: ((bytes: Uint8Array) => void) | undefined;
}

type Omitted<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;
/** A request that the kernel numbers itself. */
export type KernelWork = Omitted<Exclude<KernelRequest, { type: "cancel" | "credit" }>>;

export interface RequestOptions {
  readonly signal?: AbortSignal;
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
  #end: WorkspaceError | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (message: KernelMessage) => this.#receive(message));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARACTERS);
    });
    child.on("exit", (code, signal) => this.#ended(code, signal));
  }

  static async start(settings: KernelSettings): Promise<Kernel> {
    const child = fork(ENTRY, {
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Inflating blocks and the engine's own calls share libuv's pool: four threads are too few for both.
      env: { ...process.env, UV_THREADPOOL_SIZE: "8" },
    });
    const kernel = new Kernel(child);
    await new Promise<void>((resolve, reject) => {
      child.on("message", (message: KernelMessage) => message.type === "ready" && resolve());
      child.on("exit", () => reject(kernel.#end ?? new Error("the kernel ended")));
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

  request(work: KernelWork, options: RequestOptions = {}): Promise<KernelResult> {
    const { signal, progress, batch } = options;
    if (this.#end !== null) return Promise.reject(this.#end);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const id = ++this.#lastId;
    return new Promise<KernelResult>((resolve, reject) => {
      let grace: NodeJS.Timeout | undefined;
      const abort = (): void => {
        this.#send({ type: "cancel", id });
        grace = setTimeout(() => this.kill(), GRACE_MS);
      };
      const settled = (): void => {
        clearTimeout(grace);
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(id);
      };
      this.#waiting.set(id, {
        resolve: (result) => (settled(), resolve(result)),
        reject: (error) => (settled(), reject(error)),
        progress,
        batch,
      });
      signal?.addEventListener("abort", abort);
      this.#send({ ...work, id });
    });
  }

  /** Arrow messages of a table, pulled one at a time; the kernel runs at most a few ahead. */
  async *table(path: string, offset: number, limit: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const arrived: Uint8Array[] = [];
    let wake = (): void => {};
    let ended = false;
    let failure: unknown = null;
    const stop = new AbortController();
    const id = this.#lastId + 1;
    const end = this.request(
      { type: "table", path, offset, limit },
      { signal: AbortSignal.any([signal, stop.signal]), batch: (bytes) => (arrived.push(bytes), wake()) },
    )
      .catch((error: unknown) => {
        failure = error;
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
          if (failure !== null) throw failure;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      if (!ended) stop.abort(new WorkspaceError({ code: "cancelled", message: "the table was closed" }));
      await end;
    }
  }

  kill(): void {
    this.#child.kill("SIGKILL");
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

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const how = signal === null ? `with code ${code ?? "unknown"}` : `by ${signal}`;
    this.#end = new WorkspaceError({
      code: "killed",
      message: `the kernel process ended ${how}`,
      hint: "Run it again; what was kept before is untouched.",
      ...(this.#stderr === "" ? {} : { detail: this.#stderr }),
    });
    for (const { reject } of this.#waiting.values()) reject(this.#end);
  }
}
