import type { KernelSettings } from "#protocol/kernel-messages.ts";

import { Kernel } from "./kernel.ts";

type Role = "work" | "interactive";

/**
 * The kernels of a workspace: one that makes assets, one that shows tables, so that a long run never blocks a
 * scroll. Each is started when it is first needed, and again when it died.
 */
export class Kernels {
  readonly #settings: KernelSettings;
  readonly #started = new Map<Role, Promise<Kernel>>();

  constructor(settings: KernelSettings) {
    this.#settings = settings;
  }

  async get(role: Role): Promise<Kernel> {
    const started = this.#started.get(role);
    if (started !== undefined) {
      // A kernel that could not start is tried again, not remembered.
      const kernel = await started.catch(() => null);
      if (kernel?.alive === true) return kernel;
    }
    if (this.#started.get(role) !== started) return this.get(role);
    const starting = Kernel.start(this.#settings);
    this.#started.set(role, starting);
    return starting;
  }

  async close(): Promise<void> {
    const started = [...this.#started.values()];
    this.#started.clear();
    for (const kernel of started) await kernel.then((one) => one.kill()).catch(() => null);
  }
}
