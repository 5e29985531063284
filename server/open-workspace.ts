import { BUILD } from "#protocol/build.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { Workspace } from "./workspace.ts";
import { setting } from "./workspace-paths.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Opens a workspace with the limits that the environment sets. @throws {WorkspaceError} `usage` for one that is off */
export function openWorkspace(paths: WorkspacePaths, software: string): Promise<Workspace> {
  return Workspace.open(paths, {
    software,
    build: BUILD,
    memoryBytes: memoryBytes("KARYON_MEMORY", setting("memory")),
    kernelBytes: memoryBytes("KARYON_KERNEL_MEMORY", setting("kernelMemory")),
    threads: positive("KARYON_WORKERS", setting("threads")),
    runsAtOnce: positive("KARYON_RUNS", setting("runs")),
  });
}

/** `800M`, `4G` or a number of bytes. */
function memoryBytes(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+)([KMG]?)B?$/i.exec(text.trim());
  const unit = UNITS[match?.[2]?.toUpperCase() ?? ""];
  if (match?.[1] === undefined || unit === undefined)
    throw invalid(name, text, "Write bytes, or such as 800M or 4G.");
  return Number(match[1]) * unit;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw invalid(name, text, "Write a whole number above zero.");
}

function invalid(name: string, value: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "usage", message: `${name} is off: ${value}`, hint });
}
