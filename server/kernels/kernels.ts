import type { ErrorInfo } from "#protocol/error.ts";
import type { KernelResult, KernelSettings } from "#protocol/kernel-messages.ts";
import type { Thrift } from "#protocol/thrift.ts";
import type { KernelView } from "#protocol/view.ts";

import { KernelDeath, restarted } from "./kernel-death.ts";
import { Kernel } from "./kernel.ts";
import type { KernelWork, RequestOptions } from "./kernel.ts";

/** A notebook's kernel that was not asked for anything so long is ended: the next question starts another. */
const IDLE_MS = 15 * 60_000;

/** The one that makes assets; notebooks have theirs under their paths. */
const WORK = "";
/** Whose kernel answers what is asked for no notebook in particular. */
const FIRST_NOTEBOOK = "personal-genome.md";

interface Place {
  readonly starting: Promise<Kernel>;
  /** The same, once it has started. */
  kernel: Kernel | null;
  idle: NodeJS.Timeout | undefined;
}

/**
 * The kernels of a workspace: one that makes assets, always warm, and one for each notebook that is looked at, so
 * that a long run never blocks a scroll and one notebook's query never ends another's. Each is started when it is
 * first needed, and again when it died.
 */
export class Kernels {
  readonly #settings: KernelSettings;
  readonly #idleMs: number;
  readonly #places = new Map<string, Place>();
  readonly #spare = new Set<Kernel>();
  readonly #deaths = new Map<string, ErrorInfo>();
  readonly #listeners = new Set<(notebook: string) => void>();
  #closed = false;

  constructor(settings: KernelSettings, idleMs: number = IDLE_MS) {
    this.#settings = settings;
    this.#idleMs = idleMs;
  }

  /** Told of the notebook whose kernel became different. */
  onChange(listener: (notebook: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The kernel that makes assets, or one that looks at what is made, for no notebook in particular. */
  get(role: "work" | "interactive"): Promise<Kernel> {
    return this.#get(role === "work" ? WORK : FIRST_NOTEBOOK);
  }

  /** The kernel that a notebook is looked at with; null: that of no notebook in particular. */
  notebook(path: string | null): Promise<Kernel> {
    return this.#get(path ?? FIRST_NOTEBOOK);
  }

  /** Asks the kernel that makes assets something that changes nothing: once more, when that kernel dies meanwhile. */
  async ask(work: KernelWork, options: RequestOptions = {}): Promise<KernelResult> {
    const kernel = await this.get("work");
    return kernel.request(work, options).catch(async (error: unknown) => {
      if (!(error instanceof KernelDeath) || error.kind === "memory") throw error;
      return (await this.get("work")).request(work, options);
    });
  }

  /** One more that makes assets, for a step that is tried with less; whoever asks for it ends it. */
  async spare(thrift: Thrift): Promise<Kernel> {
    const kernel = await Kernel.start({ ...this.#settings, thrift }, () => {
      for (const one of this.#spare) if (!one.alive) this.#spare.delete(one);
    });
    this.#spare.add(kernel);
    if (this.#closed) kernel.kill(restarted());
    return kernel;
  }

  /** Ends the kernels that make assets: whatever they do, it stops. */
  killWork(): void {
    this.#places.get(WORK)?.kernel?.kill(restarted());
    for (const kernel of this.#spare) kernel.kill(restarted());
  }

  /** Stops what a notebook's kernel does. */
  interrupt(path: string): void {
    this.#places.get(path)?.kernel?.interrupt();
  }

  /** Ends a notebook's kernel, whatever it does, and starts another. */
  async restart(path: string): Promise<void> {
    await this.kill(path);
    await this.#get(path);
  }

  /** Ends a notebook's kernel, whatever it does; the next question starts another. */
  async kill(path: string): Promise<void> {
    this.#deaths.delete(path);
    const place = this.#places.get(path);
    if (place === undefined) return;
    clearTimeout(place.idle);
    this.#places.delete(path);
    await place.starting.then((kernel) => kernel.kill(restarted())).catch(() => null);
    this.#tell(path);
  }

  /** Notebooks that have a kernel. */
  get notebooks(): string[] {
    return [...this.#places.keys()].filter((path) => path !== WORK);
  }

  view(notebook: string): KernelView {
    const place = this.#places.get(notebook);
    const kernel = place?.kernel ?? null;
    const alive = kernel?.alive === true;
    const state = alive
      ? kernel.isBusy
        ? "busy"
        : "idle"
      : place !== undefined && kernel === null
        ? "starting"
        : "off";
    return {
      notebook,
      state,
      upkeep: alive ? kernel.upkeep || null : null,
      heldBytes: alive ? kernel.heldBytes : null,
      capBytes: alive ? kernel.capBytes : null,
      death: this.#deaths.get(notebook) ?? null,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const places = [...this.#places.values()];
    this.#places.clear();
    for (const kernel of this.#spare) kernel.kill(restarted());
    for (const { starting, idle } of places) {
      clearTimeout(idle);
      await starting.then((one) => one.kill(restarted())).catch(() => null);
    }
  }

  async #get(name: string): Promise<Kernel> {
    const known = this.#places.get(name);
    if (known !== undefined) {
      // A kernel that could not start is tried again, not remembered.
      const kernel = await known.starting.catch(() => null);
      if (kernel?.alive === true) return kernel;
    }
    if (this.#places.get(name) !== known) return this.#get(name);
    const starting = Kernel.start(this.#settings, () => this.#changed(name));
    const place: Place = { starting, kernel: null, idle: undefined };
    this.#places.set(name, place);
    this.#tell(name);
    const kernel = await starting;
    place.kernel = kernel;
    if (this.#closed) kernel.kill(restarted());
    this.#changed(name);
    return kernel;
  }

  #changed(name: string): void {
    const place = this.#places.get(name);
    const { kernel = null } = place ?? {};
    if (place === undefined || kernel === null) return;
    clearTimeout(place.idle);
    if (kernel.death !== null) this.#ended(name, kernel.death);
    else if (kernel.isBusy) this.#deaths.delete(name);
    else if (name !== WORK) {
      place.idle = setTimeout(() => this.#retire(name), this.#idleMs);
      place.idle.unref();
    }
    this.#tell(name);
  }

  #ended(name: string, death: KernelDeath): void {
    this.#places.delete(name);
    if (death.kind !== "asked") this.#deaths.set(name, death.info);
    // The next run must not wait for it.
    if (name === WORK && !this.#closed) void this.#get(WORK).catch(() => null);
  }

  #retire(name: string): void {
    const kernel = this.#places.get(name)?.kernel;
    this.#places.delete(name);
    kernel?.kill(restarted());
    this.#tell(name);
  }

  #tell(name: string): void {
    if (name !== WORK) for (const listener of this.#listeners) listener(name);
  }
}
