import { readFileSync } from "node:fs";
import { availableParallelism, freemem, totalmem } from "node:os";

import type { EngineLimits } from "./engine.ts";

/** Part of the memory that an engine may hold by default; the rest is for the process around it and its neighbours. */
const SHARE = 0.75;
/** An engine that may hold less than this does nothing but spill. */
const LEAST_BYTES = 256 * 2 ** 20;
/** What version 1 of control groups says for "no limit" is near 2⁶³; no machine has this much. */
const NO_LIMIT_BYTES = 2 ** 50;
const CGROUP_ROOT = "/sys/fs/cgroup";

/** Memory of the machine, or of the container that this process is in. */
export function machineMemory(): number {
  const machine = thisMachine();
  const limits = groupsOf(machine).map((group) => group.memoryLimit(machine) ?? Infinity);
  return Math.min(machine.totalBytes, ...limits);
}

/** What the machine itself says; a container's limits are read from its control group. */
export interface Machine {
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly processors: number;
  /** The text of a file of the system; null when there is none. */
  read(path: string): string | null;
}

/**
 * The default limits of an engine, of this process as it stands now: three quarters of the memory that is really to be
 * had, but never above three quarters of what there is, and all processors.
 */
export function machineLimits(machine: Machine = thisMachine()): EngineLimits {
  const groups = groupsOf(machine);
  let total = machine.totalBytes;
  let available = machine.freeBytes;
  let processors = machine.processors;
  for (const group of groups) {
    const limit = group.memoryLimit(machine);
    if (limit !== null) {
      total = Math.min(total, limit);
      available = Math.min(available, limit - group.memoryUsed(machine));
    }
    processors = Math.min(processors, group.processors(machine) ?? processors);
  }
  const memoryBytes = Math.min(SHARE * total, Math.max(SHARE * available, LEAST_BYTES));
  return { memoryBytes: Math.floor(memoryBytes), threads: Math.max(1, Math.ceil(processors)) };
}

function thisMachine(): Machine {
  return {
    totalBytes: totalmem(),
    freeBytes: freemem(),
    processors: availableParallelism(),
    read(path) {
      try {
        return readFileSync(path, "utf8");
      } catch {
        return null;
      }
    },
  };
}

interface Group {
  memoryLimit(machine: Machine): number | null;
  /** Bytes in use that cannot be had by dropping cached files. */
  memoryUsed(machine: Machine): number;
  processors(machine: Machine): number | null;
}

/** The control groups that this process is in, of both versions, from its own up to the root: each limits it. */
function groupsOf(machine: Machine): Group[] {
  const lines = (machine.read("/proc/self/cgroup") ?? "").split("\n");
  return lines.flatMap((line) => {
    const [, controllers, path] = line.split(":");
    if (controllers === undefined || path === undefined) return [];
    if (controllers === "") return ancestors(path).map((folder) => groupV2(`${CGROUP_ROOT}${folder}`));
    const names = controllers.split(",");
    if (!names.includes("memory") && !names.includes("cpu")) return [];
    return ancestors(path).map((folder) => groupV1(folder));
  });
}

function groupV2(folder: string): Group {
  return {
    memoryLimit(machine) {
      const limits = ["memory.max", "memory.high"].map(
        (name) => bytesIn(machine, `${folder}/${name}`) ?? Infinity,
      );
      const limit = Math.min(...limits);
      return limit < NO_LIMIT_BYTES ? limit : null;
    },
    memoryUsed: (machine) =>
      (bytesIn(machine, `${folder}/memory.current`) ?? 0) -
      statistic(machine, `${folder}/memory.stat`, "inactive_file"),
    processors(machine) {
      const [quota, period] = (machine.read(`${folder}/cpu.max`) ?? "").trim().split(" ").map(Number);
      return share(quota, period);
    },
  };
}

function groupV1(folder: string): Group {
  const memory = `${CGROUP_ROOT}/memory${folder}`;
  const cpu = `${CGROUP_ROOT}/cpu${folder}`;
  return {
    memoryLimit(machine) {
      const limit = bytesIn(machine, `${memory}/memory.limit_in_bytes`);
      return limit !== null && limit < NO_LIMIT_BYTES ? limit : null;
    },
    memoryUsed: (machine) =>
      (bytesIn(machine, `${memory}/memory.usage_in_bytes`) ?? 0) -
      statistic(machine, `${memory}/memory.stat`, "total_inactive_file"),
    processors: (machine) =>
      share(
        bytesIn(machine, `${cpu}/cpu.cfs_quota_us`) ?? undefined,
        bytesIn(machine, `${cpu}/cpu.cfs_period_us`) ?? undefined,
      ),
  };
}

function share(quota: number | undefined, period: number | undefined): number | null {
  if (quota === undefined || period === undefined) return null;
  return quota > 0 && period > 0 ? quota / period : null;
}

/** `/a/b` as `/a/b`, `/a` and the root, written as nothing. */
function ancestors(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.map((_, i) => `/${parts.slice(0, parts.length - i).join("/")}`).concat("");
}

function bytesIn(machine: Machine, path: string): number | null {
  const text = machine.read(path)?.trim();
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : null;
}

function statistic(machine: Machine, path: string, name: string): number {
  const line = (machine.read(path) ?? "").split("\n").find((one) => one.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}
