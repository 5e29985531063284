import { rm } from "node:fs/promises";

import { WorkspaceError, errorInfo, stopped } from "#protocol/error.ts";
import type { RunId } from "#protocol/ids.ts";
import type { StepOrder } from "#protocol/kernel-messages.ts";
import { bytes } from "#protocol/numerals.ts";
import type { Produced, Progress } from "#protocol/record.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";
import type { Sparing } from "#protocol/sparing.ts";

import type { Catalog } from "../catalog/catalog.ts";
import { KernelDeath, restarted } from "../kernels/kernel-death.ts";
import { withinSpace } from "./disk-reserve.ts";
import type { RunContext } from "./run-context.ts";

/**
 * A step whose kernel died by itself is tried once more in a new one: the death may not have been its doing. One that
 * did not fit into memory would not again, unless with less: once, in a kernel of its own.
 */
export async function tryStep(
  order: StepOrder & { readonly run: RunId },
  context: RunContext,
  signal: AbortSignal,
): Promise<Produced> {
  const { run, asset, partition } = order;
  let sparing: Sparing | null = null;
  let isLost = false;
  let phase: string | null = null;
  const told = (progress: Progress): void => {
    phase = progress.phase;
    context.progress(asset, progress);
  };
  for (;;) {
    const tried = sparing;
    const kernel = await context.kernel(tried);
    try {
      const reply = await withinSpace(context.home, signal, (within) =>
        kernel.request({ type: "step", step: order }, { signal: within, progress: told }),
      );
      if (reply === null || !("produced" in reply))
        throw new Error("the kernel did not say what it produced");
      return reply.produced;
    } catch (error) {
      // What a dead kernel had begun to write it cannot remove.
      if (!kernel.alive) await removeStaged(order);
      if (signal.aborted) throw stopped({ cause: error });
      const less = sparingFor(error);
      if (less !== null) {
        const named = namedByInput(error, order, tried, context.catalog);
        if (tried !== null) throw named;
        sparing = less;
        context.catalog.append({ type: "step_spared", run, asset, partition, error: named.info, sparing });
      } else if (error instanceof KernelDeath) {
        if (isLost) throw withPhase(error, phase);
        isLost = true;
        context.catalog.append({ type: "step_lost", run, asset, partition, error: error.info });
      } else throw error;
      context.changed();
    } finally {
      if (tried !== null) kernel.kill(restarted());
    }
  }
}

/** With what a step that failed is worth another try; null when it was not for memory. */
function sparingFor(error: unknown): Sparing | null {
  if (!(error instanceof WorkspaceError)) return null;
  if (error instanceof KernelDeath) return error.kind === "memory" ? "memory" : null;
  // With a lower limit the engine would only give up sooner: what it cannot spill is what its threads work on.
  return error.info.code === "memory" ? "threads" : null;
}

async function removeStaged({ staging }: StepOrder): Promise<void> {
  for (const path of [staging, `${staging}.inputs`]) await rm(path, { recursive: true, force: true });
}

/** A kernel that died cannot say what of: what it did last is told. */
function withPhase(error: KernelDeath, phase: string | null): WorkspaceError {
  if (phase === null) return error;
  const message = `${error.info.message}; the last that it told: ${phase}`;
  return new WorkspaceError({ ...error.info, message }, { cause: error });
}

/** What did not fit, with the largest of its inputs, and whether it was tried with less. */
function namedByInput(
  error: unknown,
  { inputs }: StepOrder,
  sparing: Sparing | null,
  catalog: Catalog,
): WorkspaceError {
  const info = errorInfo(error);
  const sizes = inputs.map(({ asset, partition }) => ({
    asset,
    bytes: catalog.versions.headRecord(asset, partition)?.bytes ?? 0,
  }));
  const [largest] = sizes.toSorted((a, b) => b.bytes - a.bytes);
  const words = [
    info.message,
    sparing === null ? null : SPARING_WORDS[sparing],
    largest === undefined || largest.bytes === 0
      ? null
      : `largest input: ${largest.asset}, ${bytes(largest.bytes)}`,
  ];
  const message = words.filter((part) => part !== null).join("; ");
  return new WorkspaceError({ ...info, message }, { cause: error });
}
