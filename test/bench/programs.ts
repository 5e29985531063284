import { fileURLToPath } from "node:url";

import { KERNEL_HEAP } from "../../server/kernels/kernel-process.ts";

const PROGRAMS = [
  "export",
  "ingest",
  "bare-ingest",
  "join",
  "bare-join",
  "module-loop",
  "notebook",
  "stream",
  "table",
  "wire",
] as const;

/** Words for Node that run a program of `programs/`, as kernels are run. */
export function programWords(name: (typeof PROGRAMS)[number]): string[] {
  return [KERNEL_HEAP, fileURLToPath(new URL("program.js", import.meta.url)), name];
}

/** Bundles them, as they would bundle themselves when they are run for the first time. */
export async function buildPrograms(): Promise<void> {
  const builder = new URL("../../start/built.js", import.meta.url).href;
  const { built } = (await import(builder)) as { built: (program: string) => Promise<string> };
  for (const name of PROGRAMS) await built(`test/bench/programs/${name}.ts`);
}
