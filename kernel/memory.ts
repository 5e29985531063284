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
const SPARING_MEMORY = 0.5;
const SPARING_THREADS = 0.25;

/** A run with less than this spills much of a genome, and is better off waiting. */
const RUN_BYTES = 2 * 2 ** 30;
/** More at once wait for the disk. */
const MOST_RUNS = 4;

/** What the machine has: for a kernel in all, for an engine now, and processors. */
interface MachineShare {
  readonly totalBytes: number;
  readonly engineBytes: number;
  readonly threads: number;
}

type Settings = Pick<KernelSettings, "capBytes" | "memoryBytes" | "threads" | "runsAtOnce" | "sparing">;

/** How many kernels make assets at once, each with its share: as settings say, else as the machine has room now. */
export function runsAtOnce(settings: Settings, machine: MachineShare = thisMachine()): number {
  if (settings.runsAtOnce === undefined) return 1;
  if (settings.runsAtOnce !== null) return settings.runsAtOnce;
  const { capBytes, memoryBytes } = settings;
  const each = capBytes ?? (memoryBytes === null ? RUN_BYTES : memoryBytes / ENGINE_SHARE);
  const room = Math.min(KERNEL_SHARE * machine.totalBytes, machine.engineBytes);
  const most = Math.min(kernelThreads(settings, machine.threads), MOST_RUNS);
  return Math.max(1, Math.min(most, Math.floor(room / each)));
}

/** How much a kernel may hold, and its engine below that: as settings say, else its share of what the machine has. */
export function kernelMemory(settings: Settings, machine: MachineShare = thisMachine()): KernelMemory {
  const { capBytes, memoryBytes, sparing } = settings;
  const runs = runsAtOnce(settings, machine);
  const wanted = (memoryBytes ?? 0) / ENGINE_SHARE;
  const cap = capBytes ?? Math.max((KERNEL_SHARE * machine.totalBytes) / runs, wanted);
  const engine = Math.min(memoryBytes ?? machine.engineBytes / runs, ENGINE_SHARE * cap);
  const part = sparing === "memory" ? SPARING_MEMORY : 1;
  return { capBytes: Math.floor(cap), engineBytes: Math.floor(part * engine) };
}

/** Threads of the engines of a kernel: runs side by side share the processors as they come. */
export function kernelThreads(
  { threads, sparing }: Pick<Settings, "threads" | "sparing">,
  machineThreads: number = machineLimits().threads,
): number {
  const usual = threads ?? machineThreads;
  return sparing === undefined ? usual : Math.max(1, Math.floor(SPARING_THREADS * usual));
}

function thisMachine(): MachineShare {
  const { memoryBytes, threads } = machineLimits();
  return { totalBytes: machineMemory(), engineBytes: memoryBytes, threads };
}
