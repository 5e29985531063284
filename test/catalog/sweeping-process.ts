/* A process that says so, and removes what others have left of the folder that it is given, until it is ended. */
import { setImmediate } from "node:timers/promises";

import { Processes } from "../../server/catalog/processes.ts";

const [, , folder = ""] = process.argv;
const processes = new Processes(folder);
process.stdout.write("sweeping\n");
for (;;) {
  processes.sweep();
  await setImmediate();
}
