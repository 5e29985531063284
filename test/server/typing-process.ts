/** Types into a cell of a notebook without end, and says each number that it was told is written down. */
import { Sessions } from "../../server/sessions.ts";

const [folder = "", home = ""] = process.argv.slice(2);
const session = await new Sessions(folder, home).session("one.md");
for (let number = 1; ; number++) {
  // A quarter of a second apart by their own clock, so that some join and some are steps of their own.
  const op = { op: "set-source", block: "a", source: `${number}\n${"x".repeat(number % 97)}` } as const;
  await session.dispatch({ type: "edit", ops: [op], at: number * 250 });
  process.stdout.write(`${number}\n`);
}
