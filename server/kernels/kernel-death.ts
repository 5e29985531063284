import { constants } from "node:os";

import { WorkspaceError } from "#protocol/error.ts";
import { bytes } from "#protocol/numerals.ts";

/**
 * Why a kernel is gone: it held too much, a person asked for it, something that it did could not be stopped otherwise, or
 * it died by itself.
 */
export type DeathKind = "memory" | "asked" | "unstoppable" | "lost";

const MORE_MEMORY =
  "Run it on less, give the kernel more with KARYON_KERNEL_MEMORY or KARYON_RUNS=1, or the engine less with KARYON_MEMORY so that it spills.";
/** Last words of V8, of C++ and of Rust that ask for memory and do not get it. */
const NO_MEMORY = /heap out of memory|std::bad_alloc|memory allocation of \d+ bytes failed/;

/** What a kernel that is gone answers to everything that waits for it. */
export class KernelDeath extends WorkspaceError {
  readonly kind: DeathKind;

  constructor(kind: DeathKind, message: string, hint: string, detail: string) {
    super({ code: "killed", message, hint, ...(detail === "" ? {} : { detail }) });
    this.name = "KernelDeath";
    this.kind = kind;
  }
}

/** A kernel that came to hold more than it may. */
export function outOfMemory(heldBytes: number, capBytes: number): KernelDeath {
  return new KernelDeath(
    "memory",
    `out of memory: the kernel held ${bytes(heldBytes)} of ${bytes(capBytes)}`,
    MORE_MEMORY,
    "",
  );
}

export function restarted(): KernelDeath {
  return new KernelDeath("asked", "the kernel was restarted", "Run it again; what is kept is untouched.", "");
}

/** A kernel that we end because what it was to stop cannot be interrupted. */
export function unstoppable(): KernelDeath {
  return new KernelDeath(
    "unstoppable",
    "the kernel was ended to stop what could not be interrupted",
    "Run it again; what is kept is untouched.",
    "",
  );
}

/** A kernel that ended and was not asked to. `words`: the last of what it wrote to standard error. */
export function died(code: number | null, signal: NodeJS.Signals | null, words: string): KernelDeath {
  const hint = "Run it again; what was kept before is untouched.";
  if (signal === "SIGKILL") {
    return new KernelDeath(
      "lost",
      "the kernel was killed from outside (SIGKILL)",
      `${hint} The system does this when memory runs out.`,
      words,
    );
  }
  const crashed = signal ?? signalOf(code);
  if (NO_MEMORY.test(words)) {
    return new KernelDeath(
      "memory",
      `out of memory: the kernel crashed (${crashed ?? code})`,
      MORE_MEMORY,
      words,
    );
  }
  const message =
    crashed === null ? `the kernel ended with code ${code ?? "unknown"}` : `the kernel crashed (${crashed})`;
  return new KernelDeath("lost", message, hint, words);
}

/** A shell between us and the kernel says 128 + n for signal n. */
function signalOf(code: number | null): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  return found?.[0] ?? null;
}
