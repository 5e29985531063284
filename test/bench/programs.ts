import { fileURLToPath } from "node:url";

/** Words for Node that run a program of this folder. */
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
  return ["--import", "tsx", fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))];
}
