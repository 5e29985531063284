import { fileURLToPath } from "node:url";

import { KERNEL_HEAP } from "../../server/kernels/kernel.ts";

/** Words for Node that run a program of this folder, as kernels are run. */
export function programWords(
  name:
    | "export"
    | "ingest"
    | "bare-ingest"
    | "join"
    | "bare-join"
    | "module-loop"
    | "notebook"
    | "stream"
    | "table"
    | "wire",
): string[] {
  return [KERNEL_HEAP, "--import", "tsx", fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))];
}
