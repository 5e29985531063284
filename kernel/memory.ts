import type { KernelSettings } from "#protocol/kernel-messages.ts";

import { machineLimits, machineMemory } from "./engines/limits.ts";

/** Part of the machine's memory that a kernel may hold by default. */
const KERNEL_SHARE = 0.6;
/** Part of what a kernel may hold that its engine may: the rest is for rows on their way, and for Polars. */
const ENGINE_SHARE = 0.8;

export interface KernelMemory {
  /** Above this the kernel is ended from outside. */
  readonly capBytes: number;
  /** Above this the engine spills. */
  readonly engineBytes: number;
}

/** How much a kernel may hold, and its engine below that: as settings say, else by what the machine has. */
export function kernelMemory(
  { capBytes, memoryBytes }: Pick<KernelSettings, "capBytes" | "memoryBytes">,
  machine: { readonly totalBytes: number; readonly engineBytes: number } = {
    totalBytes: machineMemory(),
    engineBytes: machineLimits().memoryBytes,
  },
): KernelMemory {
  const wanted = (memoryBytes ?? 0) / ENGINE_SHARE;
  const cap = capBytes ?? Math.max(KERNEL_SHARE * machine.totalBytes, wanted);
  const engine = memoryBytes ?? machine.engineBytes;
  return { capBytes: Math.floor(cap), engineBytes: Math.floor(Math.min(engine, ENGINE_SHARE * cap)) };
}
