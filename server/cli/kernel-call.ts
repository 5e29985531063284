import { withinSpace } from "../runs/disk-reserve.ts";
import type { VerbScope } from "./verb.ts";

/**
 * Has the kernel that makes assets do a function of `kernel/calls.ts`; its progress is the command's.
 *
 * @param into a folder that it writes into: it is stopped before its disk is full
 */
export async function kernelCall(
  name: string,
  parameters: unknown,
  { workspace, signal, progress }: VerbScope,
  into: string | null = null,
): Promise<unknown> {
  const kernel = await workspace.kernels.get("work");
  const call = (until: AbortSignal): Promise<unknown> =>
    kernel.call(name, parameters, { signal: until, progress: (now) => progress(null, now) });
  return into === null ? call(signal) : withinSpace(into, signal, call);
}
