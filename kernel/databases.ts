import type { KernelSettings } from "#protocol/kernel-messages.ts";

import { duckdb } from "./engines/duckdb.ts";
import type { Connection, EngineOptions } from "./engines/engine.ts";

/** The databases of one kernel, each in memory and with the limits that it was started with. */
export class Databases {
  readonly #settings: KernelSettings;
  #shared: Promise<Connection> | null = null;

  constructor(settings: KernelSettings) {
    this.#settings = settings;
  }

  /** A database of its own; `reach` shuts all other files out. */
  open(reach: Pick<EngineOptions, "allowedDirectories" | "allowedPaths"> = {}): Promise<Connection> {
    const { spill, memoryBytes, threads } = this.#settings;
    return duckdb.open({
      ...reach,
      spillDirectory: spill,
      ...(memoryBytes === null ? {} : { memoryBytes }),
      ...(threads === null ? {} : { threads }),
    });
  }

  /** A connection to the one that all may use, which is open as long as the process lives. */
  async connect(): Promise<Connection> {
    this.#shared ??= this.open().catch((error: unknown) => {
      this.#shared = null;
      throw error;
    });
    return (await this.#shared).connect();
  }
}
