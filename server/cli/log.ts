import * as z from "zod";

import { WHOLE } from "#protocol/ids.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";

import type { LoggedEvent } from "../catalog/events.ts";
import { bytes, count, counted, derivedWords, seconds } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  limit: z.coerce.number().int().positive().default(50),
  before: z.coerce.number().int().positive().optional(),
});

export const log: AnyVerb = defineVerb<
  z.output<typeof PARAMETERS>,
  { readonly events: readonly LoggedEvent[] }
>({
  name: "log",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("log")
      .description("what happened in the workspace, the latest last; receipts of deletions are in it")
      .option("--limit <n>", "how many", "50")
      .option("--before <seq>", "only what happened before this one")
      .action((options) => ask(options));
  },
  run: ({ limit, before }, { workspace }) =>
    Promise.resolve({ events: workspace.catalog.latest(limit, before).toReversed() }),
  print: ({ events }) =>
    events.length === 0 ? "Nothing happened yet." : events.map((event) => eventLine(event)).join("\n"),
});

/** `41  2026-11-22T12:00:00Z  materialised  user_vcf_normalized of anna/genome: 120 rows, 4.1 kB, 0.3 s`. */
export function eventLine({ seq, at, event }: LoggedEvent): string {
  const asset = "asset" in event ? event.asset : null;
  const partition = "partition" in event && event.partition !== WHOLE ? event.partition : null;
  const what = [asset, partition].filter((part) => part !== null).join(" of ");
  const detail = detailOf(event);
  const rest = [what, detail].filter((part) => part !== "").join(": ");
  return `${seq}  ${at}  ${event.type.replaceAll("_", " ")}  ${rest}`.trimEnd();
}

function detailOf(event: LoggedEvent["event"]): string {
  switch (event.type) {
    case "run_started":
      return [
        `run ${event.run}`,
        `${event.selection}${event.engine === undefined ? "" : ` on ${event.engine}`}`,
        counted(event.steps.length, "step"),
      ].join(", ");
    case "run_ended":
      return `run ${event.run} ${event.state}`;
    case "step_skipped":
      return event.reason;
    case "step_failed":
    case "step_lost":
      return event.error.message;
    case "step_spared":
      return `${event.error.message}; ${SPARING_WORDS[event.sparing]}`;
    case "materialised": {
      const { rows, bytes: size, seconds: took, takenFrom, runEngine } = event.record;
      const cost = takenFrom === undefined ? seconds(took) : `taken over from run ${takenFrom.run}`;
      return `${rows === null ? "" : `${counted(rows, "row")}, `}${bytes(size)}, ${cost}${runEngine === undefined ? "" : `, on ${runEngine} for its run`}`;
    }
    case "notebooks_kept":
      return `run ${event.run}, as it found them: ${event.files.map(({ name }) => name).join(", ")}`;
    case "observed":
      return event.observation.summary;
    case "withdrawn":
      return "what it was made from was erased";
    case "erased":
      return [
        `${count(event.assets.length)} outputs, ${count(event.objects)} files, ${bytes(event.bytes)}`,
        ...(event.derived ?? []).map((one) => derivedWords(one)),
      ].join("; ");
    case "held":
      return `at ${event.dataVersion.slice(0, 12)}`;
    case "released":
    case "step_started":
    case "step_cancelled":
    case "partition_set":
    case "partition_hidden":
      return "";
  }
}
