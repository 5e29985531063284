import type { VerbScope } from "./verb.ts";

/** Has the kernel that makes assets do a function of `kernel/calls.ts`; its progress is the command's. */
export async function kernelCall(
  name: string,
  parameters: unknown,
  { workspace, signal, progress }: VerbScope,
): Promise<unknown> {
  const kernel = await workspace.kernels.get("work");
  return kernel.call(name, parameters, { signal, progress: (now) => progress(null, now) });
}
