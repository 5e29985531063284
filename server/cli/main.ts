// What a command starts with. All that commands do is loaded after it.
import { dropAhead, forkAhead } from "../kernels/kernel-process.ts";

/** First words of the commands that cannot do without a kernel. */
const COMPUTING = new Set([
  "annotate",
  "annotate-modules",
  "asset",
  "backfill",
  "check",
  "diff",
  "job",
  "list-modules",
  "observe",
  "plan",
  "start",
  "trace",
  "what-if",
]);

// What is written here is one person's genome: nobody else on this machine may read it.
process.umask(0o077);
// To load the commands takes as long as to load a kernel: it gets ready meanwhile.
if (process.argv.some((word) => COMPUTING.has(word))) forkAhead();
await import("./program.ts").finally(dropAhead);
