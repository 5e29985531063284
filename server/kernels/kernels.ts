import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { KernelResult, KernelSettings } from "#protocol/kernel-messages.ts";
import type { Sparing } from "#protocol/sparing.ts";
import type { KernelView } from "#protocol/view.ts";

import { FIRST_NOTEBOOK } from "../workspace-paths.ts";
import { KernelDeath, restarted } from "./kernel-death.ts";
import { Kernel } from "./kernel.ts";
import type { KernelWork, RequestOptions } from "./kernel.ts";

/** A notebook's kernel that was idle for this long is ended: the next question starts another. */
const IDLE_MS = 15 * 60_000;

/** The first that makes assets, which is always there; notebooks have theirs under their paths. */
const WORK = workName(0);

interface Place {
  readonly starting: Promise<Kernel>;
  /** The same, once it has started. */
  kernel: Kernel | null;
  idle: NodeJS.Timeout | undefined;
}

/**
 * The kernels of a workspace: those that make assets, one for each run that is carried out, the first of them always
 * warm, and one for each notebook that is looked at, so that a long run never blocks a scroll and one notebook's query
 * never ends another's. Each is started when it is first needed, and again when it died.
 */
export class Kernels {
  /** For the kernels of notebooks. */
  readonly #settings: KernelSettings;
  #runsAtOnce: number | null;
  readonly #idleMs: number;
  readonly #places = new Map<string, Place>();
  /** Those for a step that is tried with less, and whose place they stand in for. */
  readonly #spare = new Map<Kernel, number>();
  readonly #deaths = new Map<string, ErrorInfo>();
  readonly #listeners = new Set<(notebook: string) => void>();
  #closed = false;

  constructor(settings: KernelSettings, idleMs: number = IDLE_MS) {
    const { runsAtOnce = null, ...own } = settings;
    this.#settings = own;
    this.#runsAtOnce = runsAtOnce;
    this.#idleMs = idleMs;
  }

  /** `listener` gets the notebook whose kernel changed. */
  onChange(listener: (notebook: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first kernel that makes assets, or one that looks at what is made, for no notebook in particular. */
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

  /**
   * What a notebook's kernel sends for work that changes nothing. It is asked once more when that kernel is ended before
   * it sent anything, and only to stop something else.
   */
  async *stream(
    path: string,
    work: (kernel: Kernel) => AsyncGenerator<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    let begun = false;
    try {
      for await (const bytes of work(await this.notebook(path))) {
        begun = true;
        yield bytes;
      }
    } catch (error) {
      if (begun || !(error instanceof KernelDeath) || error.kind !== "unstoppable") throw error;
      yield* work(await this.notebook(path));
    }
  }

  /** How many runs the machine bears at once: as is set, else as the first kernel says. */
  async runsAtOnce(): Promise<number> {
    this.#runsAtOnce ??= (await this.get("work")).runsAtOnce;
    return this.#runsAtOnce;
  }

  /** The kernel of one of the runs that are carried out. */
  work(place: number): Promise<Kernel> {
    return this.#get(workName(place));
  }

  /** One more for a step of such a run, which is tried with less; whoever asks for it ends it. */
  async spare(place: number, sparing: Sparing): Promise<Kernel> {
    const kernel = await Kernel.start({ ...this.#workSettings(), sparing }, () => {
      for (const one of this.#spare.keys()) if (!one.alive) this.#spare.delete(one);
    });
    this.#spare.set(kernel, place);
    if (this.#closed) kernel.kill(restarted());
    return kernel;
  }

  /** Ends the kernels of a run that is carried out: whatever they do, it stops. */
  killWork(place: number = 0): void {
    this.#places.get(workName(place))?.kernel?.kill(restarted());
    for (const [kernel, of] of this.#spare) if (of === place) kernel.kill(restarted());
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
    await ended(place);
    this.#tell(path);
  }

  /** Notebooks that have a kernel. */
  get notebooks(): string[] {
    return [...this.#places.keys()].filter((path) => isNotebook(path));
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
    const spare = [...this.#spare.keys()];
    for (const kernel of spare) kernel.kill(restarted());
    for (const { idle } of places) clearTimeout(idle);
    await Promise.all([...places.map(ended), ...spare.map(({ gone }) => gone)]);
  }

  async #get(name: string): Promise<Kernel> {
    const known = this.#places.get(name);
    if (known !== undefined) {
      // A kernel that could not start is tried again, not remembered.
      const kernel = await known.starting.catch(() => null);
      if (kernel?.alive === true) return kernel;
    }
    if (this.#places.get(name) !== known) return this.#get(name);
    const settings = isNotebook(name) ? this.#settings : this.#workSettings();
    const starting = Kernel.start(settings, () => this.#changed(name));
    const place: Place = { starting, kernel: null, idle: undefined };
    this.#places.set(name, place);
    this.#tell(name);
    const kernel = await starting.catch((error: unknown) => {
      this.#unstarted(name, place, error);
      throw error;
    });
    place.kernel = kernel;
    if (this.#closed) kernel.kill(restarted());
    this.#changed(name);
    return kernel;
  }

  /** One that could not start is none that starts. */
  #unstarted(name: string, place: Place, error: unknown): void {
    if (this.#places.get(name) !== place) return;
    this.#places.delete(name);
    this.#deaths.set(name, errorInfo(error));
    this.#tell(name);
  }

  #workSettings(): KernelSettings {
    return { ...this.#settings, runsAtOnce: this.#runsAtOnce };
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
    if (death.kind === "memory" || death.kind === "lost") this.#deaths.set(name, death.info);
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
    if (isNotebook(name)) for (const listener of this.#listeners) listener(name);
  }
}

/** No notebook has it: their names end in `.md`. */
function workName(place: number): string {
  return `work ${place}`;
}

function isNotebook(name: string): boolean {
  return name.endsWith(".md");
}

async function ended({ starting }: Place): Promise<void> {
  const kernel = await starting.catch(() => null);
  kernel?.kill(restarted());
  await kernel?.gone;
}
