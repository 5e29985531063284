import { expect, test } from "vitest";

import { machineLimits } from "../../kernel/engines/limits.ts";
import type { Machine } from "../../kernel/engines/limits.ts";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

function machine(files: Record<string, string> = {}, facts: Partial<Machine> = {}): Machine {
  return {
    totalBytes: 16 * GIB,
    freeBytes: 8 * GIB,
    processors: 8,
    read: (path) => files[path] ?? null,
    ...facts,
  };
}

test("three quarters of what is free, on all processors", () => {
  expect(machineLimits(machine())).toEqual({ memoryBytes: 6 * GIB, threads: 8 });
});

test("a crowded machine leaves enough to begin with, a small one never more than three quarters of it", () => {
  expect(machineLimits(machine({}, { freeBytes: 10 * MIB })).memoryBytes).toBe(256 * MIB);
  expect(machineLimits(machine({}, { totalBytes: 100 * MIB, freeBytes: 10 * MIB })).memoryBytes).toBe(
    75 * MIB,
  );
});

test("a container's limits of version 2 count, its cached files do not", () => {
  const files = {
    "/proc/self/cgroup": "0::/\n",
    "/sys/fs/cgroup/memory.max": `${4 * GIB}\n`,
    "/sys/fs/cgroup/memory.current": `${3 * GIB}\n`,
    "/sys/fs/cgroup/memory.stat": `anon ${GIB}\ninactive_file ${2 * GIB}\n`,
    "/sys/fs/cgroup/cpu.max": "150000 100000\n",
  };
  expect(machineLimits(machine(files))).toEqual({ memoryBytes: 0.75 * 3 * GIB, threads: 2 });
});

test("the tightest group on the way up counts", () => {
  const files = {
    "/proc/self/cgroup": "0::/user.slice/app.scope\n",
    "/sys/fs/cgroup/user.slice/app.scope/memory.max": "max\n",
    "/sys/fs/cgroup/user.slice/app.scope/memory.high": `${6 * GIB}\n`,
    "/sys/fs/cgroup/user.slice/memory.max": `${2 * GIB}\n`,
    "/sys/fs/cgroup/user.slice/cpu.max": "100000 100000\n",
    "/sys/fs/cgroup/user.slice/app.scope/cpu.max": "max 100000\n",
  };
  expect(machineLimits(machine(files))).toEqual({ memoryBytes: 1.5 * GIB, threads: 1 });
});

test("a container's limits of version 1 count, and its word for no limit is none", () => {
  const files = {
    "/proc/self/cgroup": "12:memory:/docker/abc\n5:cpu,cpuacct:/docker/abc\n",
    "/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": `${2 * GIB}\n`,
    "/sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes": `${GIB}\n`,
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us": "300000\n",
    "/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us": "100000\n",
    "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
    "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
  };
  expect(machineLimits(machine(files))).toEqual({ memoryBytes: 0.75 * GIB, threads: 3 });
});

test("this machine has limits", () => {
  const { memoryBytes, threads } = machineLimits();
  expect(memoryBytes).toBeGreaterThan(0);
  expect(threads).toBeGreaterThan(0);
});
