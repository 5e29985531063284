import { resolve } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import { bytes, counted, duration } from "#protocol/numerals.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";

import type { LoggedEvent } from "../catalog/events.ts";
import { isAddress, tellOpenLineage } from "../openlineage/tail.ts";
import { derivedWords } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  limit: z.coerce.number().int().positive().default(50),
  before: z.coerce.number().int().positive().optional(),
  /** A file, or an address of HTTP, which is told what runs did. */
  openlineage: z.string().optional(),
  follow: z.boolean().optional(),
});

type Logged =
  | { readonly events: readonly LoggedEvent[] }
  | { readonly openlineage: string; readonly run_events: number };

export const log: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, Logged>({
  name: "log",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("log")
      .description("what happened in the workspace, the latest last; receipts of deletions are in it")
      .option("--limit <n>", "how many", "50")
      .option("--before <seq>", "only what happened before this one")
      .option(
        "--openlineage <place>",
        "add what runs did since the last time to a file (NDJSON), or send it to an address (https://…), as run events of OpenLineage; samples are hashes in it",
      )
      .option("--follow", "with --openlineage: go on, until Ctrl C")
      .action(({ openlineage, ...options }) =>
        ask({ ...options, ...(openlineage === undefined ? {} : { openlineage: placeOf(openlineage) }) }),
      );
  },
  isForCommand: (parameters) =>
    typeof parameters === "object" && parameters !== null && "openlineage" in parameters,
  async run({ limit, before, openlineage, follow = false }, { workspace, signal, progress }) {
    if (openlineage === undefined) {
      if (follow) throw onlyWithPlace();
      return { events: workspace.catalog.latest(limit, before).toReversed() };
    }
    const { catalog, paths, software } = workspace;
    const told = await tellOpenLineage({
      catalog,
      home: paths.home,
      software,
      place: openlineage,
      follow,
      signal,
      progress: (events, waitsFor) =>
        progress(null, {
          phase: `${counted(events, "run event")} told${waitsFor === null ? "" : ` · ${waitsFor}`}`,
        }),
    });
    return { openlineage, run_events: told };
  },
  print: (result) => {
    if ("openlineage" in result)
      return `Told ${result.openlineage} ${counted(result.run_events, "run event")}.`;
    return result.events.length === 0
      ? "Nothing happened yet."
      : result.events.map((event) => eventLine(event)).join("\n");
  },
});

/** @throws {WorkspaceError} `usage` for an address that is none */
function placeOf(place: string): string {
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(place)) return resolve(place);
  if (isAddress(place) && URL.canParse(place)) return place;
  throw new WorkspaceError({
    code: "usage",
    message: `not an address that can be told: ${place}`,
    hint: "Write http://HOST/PATH, https://HOST/PATH, or a file.",
  });
}

function onlyWithPlace(): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: "--follow is for --openlineage",
    hint: "Write --openlineage FILE with it, or leave it out.",
  });
}

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
    case "absent":
      return event.error.message;
    case "step_spared":
      return `${event.error.message}; ${SPARING_WORDS[event.sparing]}`;
    case "materialised": {
      const { rows, bytes: size, seconds: took, takenFrom, runEngine } = event.record;
      const cost = takenFrom === undefined ? duration(took) : `taken over from run ${takenFrom.run}`;
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
        `${counted(event.assets.length, "output")}, ${counted(event.objects, "file")}, ${bytes(event.bytes)}`,
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
