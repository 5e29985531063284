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

/** Part of what its engine may usually hold, and of its threads, for what did not fit. */
const THRIFTY_MEMORY = 0.5;
const THRIFTY_THREADS = 0.25;

/** How much a kernel may hold, and its engine below that: as settings say, else by what the machine has. */
export function kernelMemory(
  { capBytes, memoryBytes, thrift }: Pick<KernelSettings, "capBytes" | "memoryBytes" | "thrift">,
  machine: { readonly totalBytes: number; readonly engineBytes: number } = {
    totalBytes: machineMemory(),
    engineBytes: machineLimits().memoryBytes,
  },
): KernelMemory {
  const wanted = (memoryBytes ?? 0) / ENGINE_SHARE;
  const cap = capBytes ?? Math.max(KERNEL_SHARE * machine.totalBytes, wanted);
  const engine = Math.min(memoryBytes ?? machine.engineBytes, ENGINE_SHARE * cap);
  const part = thrift === "memory" ? THRIFTY_MEMORY : 1;
  return { capBytes: Math.floor(cap), engineBytes: Math.floor(part * engine) };
}

/** Threads of the engines of a kernel. */
export function kernelThreads(
  { threads, thrift }: Pick<KernelSettings, "threads" | "thrift">,
  machineThreads: number = machineLimits().threads,
): number {
  const usual = threads ?? machineThreads;
  return thrift === undefined ? usual : Math.max(1, Math.floor(THRIFTY_THREADS * usual));
}
