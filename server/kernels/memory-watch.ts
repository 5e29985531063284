import { heldMemory } from "./held-memory.ts";

/** How often the memory of a process is measured. */
const WATCH_MS = 250;
/** Steps in which that is told. */
const HELD_STEP_BYTES = 16 * 2 ** 20;

interface WatchEvents {
  /** Bytes of every look. */
  held(bytes: number): void;
  /** `heldBytes` changed. */
  changed(): void;
}

/** Looks again and again at what a process holds, as long as that can change. */
export class MemoryWatch {
  readonly #pid: number | undefined;
  readonly #events: WatchEvents;
  #heldBytes: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(pid: number | undefined, events: WatchEvents) {
    this.#pid = pid;
    this.#events = events;
  }

  /** In steps, upwards; null when not known. */
  get heldBytes(): number | null {
    return this.#heldBytes;
  }

  /** Begins to look; false when it does already. */
  watch(): boolean {
    if (this.#timer !== null) return false;
    this.#timer = setInterval(() => void this.#look(), WATCH_MS);
    this.#timer.unref();
    return true;
  }

  /** Looks once more, then no more. */
  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    void this.#look();
  }

  async #look(): Promise<void> {
    const held = this.#pid === undefined ? null : await heldMemory(this.#pid);
    if (held !== null) this.#events.held(held);
    const told = held === null ? null : Math.ceil(held / HELD_STEP_BYTES) * HELD_STEP_BYTES;
    if (told === this.#heldBytes) return;
    this.#heldBytes = told;
    this.#events.changed();
  }
}
