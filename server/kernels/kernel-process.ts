import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { makerOf } from "#protocol/temporary-name.ts";

const ENTRY = fileURLToPath(new URL("../../kernel/kernel.js", import.meta.url));
/**
 * Rows pass through as buffers, which V8 takes for a heap that grows: left to itself it marks all that lives after
 * every few of them, and a table takes half as long again. MiB that may come before it does.
 */
export const KERNEL_HEAP = "--initial-heap-size=128";

/** For so long the last words of one that ended are waited for: who was started by it may have its pipe, and go on. */
const LAST_WORDS_MS = 500;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One that nobody has asked for yet. */
let ahead: ChildProcess | null = null;

/** Starts the process of the kernel that is asked for first, which loads while whoever asks for it does. */
export function forkAhead(): void {
  ahead = fromEntry();
  // Whoever asks then gets another.
  for (const event of ["error", "exit"]) ahead.once(event, dropAhead);
}

/** Ends it, when nobody asked. */
export function dropAhead(): void {
  ahead?.kill("SIGKILL");
  ahead = null;
}

/** The process of a kernel, which waits for its settings. */
export function forkKernel(): ChildProcess {
  const taken = ahead;
  ahead = null;
  return taken ?? fromEntry();
}

function fromEntry(): ChildProcess {
  return fork(ENTRY, {
    execArgv: [KERNEL_HEAP],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: {
      // glibc keeps eight heaps for each processor, and in each what was freed: one is enough for a thread that works.
      MALLOC_ARENA_MAX: String(availableParallelism()),
      ...process.env,
      UV_THREADPOOL_SIZE: String(poolThreads()),
    },
  });
}

/**
 * Threads of libuv's pool, which has four by itself. Blocks are inflated there, and each statement of an engine holds
 * one as long as it runs: there may be one for each processor.
 */
function poolThreads(): number {
  return Math.max(8, 2 * availableParallelism());
}

/** Settles with how a process ended once all that it said was read, too: that may come after its end. */
export function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const settle = (): void => resolve({ code, signal });
      child.once("close", settle);
      setTimeout(settle, LAST_WORDS_MS).unref();
    });
  });
}

/** A killed process leaves what it had spilled, which may be of a person. */
export async function removeSpilled(spill: string, pid: number | undefined): Promise<void> {
  for (const name of await readdir(spill).catch(() => [])) {
    if (makerOf(name) === pid) await rm(join(spill, name), { recursive: true, force: true }).catch(() => {});
  }
}
