import type { AssetKey, DataVersion, PartitionKey, RunId } from "#protocol/ids.ts";
import type { AssetRecord, ColumnFacts } from "#protocol/record.ts";

import type { LoggedEvent } from "../catalog/events.ts";
import { columnLineage } from "./column-lineage.ts";
import type { Names } from "./names.ts";

const SPEC = "https://openlineage.io/spec";
/** Job of a whole run, whose steps name it as their parent. */
const RUN = "run";

/** A run event of OpenLineage: https://openlineage.io/spec/2-0-2/OpenLineage.json. */
export interface RunEvent {
  readonly eventType: "START" | "COMPLETE" | "FAIL" | "ABORT";
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

type Facets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly outputFacets?: Facets;
}

/** What is told beside the event itself. */
export interface Told {
  readonly names: Names;
  /** `karyon 0.1.0`. */
  readonly software: string;
  /** Of a version of an asset; null for what is observed, and for what is not remembered. */
  columnsOf(asset: AssetKey, partition: PartitionKey, version: DataVersion): readonly ColumnFacts[] | null;
  eventsOfRun(run: RunId): readonly LoggedEvent[];
}

type Ended = Exclude<RunEvent["eventType"], "START">;

/**
 * What an event of the log says to OpenLineage: each run, and each step of it as a run of its own; nothing of what is no
 * run. Of samples, users, runs and versions there are hashes; of code, values, files and error messages there is nothing.
 */
export function runEvents(logged: LoggedEvent, told: Told): RunEvent[] {
  const { event } = logged;
  switch (event.type) {
    case "run_started":
      return [whole(logged, event.run, "START", told)];
    case "run_ended":
      return [whole(logged, event.run, RUN_ENDS[event.state], told)];
    case "step_started":
      return [step(logged, event, "START", told)];
    case "materialised":
      return ended(logged, event, "COMPLETE", told, event.record);
    case "withdrawn":
      return ended(logged, event, "COMPLETE", told);
    case "step_failed":
      return ended(logged, event, "FAIL", told);
    case "step_cancelled":
      return ended(logged, event, "ABORT", told);
    case "step_skipped":
      return hasStarted(logged, event, told) ? ended(logged, event, "ABORT", told) : [];
    case "step_lost":
    case "step_spared":
    case "notebooks_kept":
    case "observed":
    case "absent":
    case "partition_set":
    case "partition_hidden":
    case "held":
    case "released":
    case "erased":
      return [];
  }
}

const RUN_ENDS: Readonly<Record<"done" | "failed" | "cancelled" | "interrupted", Ended>> = {
  done: "COMPLETE",
  failed: "FAIL",
  cancelled: "ABORT",
  interrupted: "FAIL",
};

interface Step {
  readonly run: RunId;
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
}

/** The end of a step; one that ended where it stood, as a result that is taken over, began then. */
function ended(
  logged: LoggedEvent,
  of: Step,
  type: Ended,
  told: Told,
  record?: Omit<AssetRecord, "seq">,
): RunEvent[] {
  const end = step(logged, of, type, told, record);
  return hasStarted(logged, of, told) ? [end] : [step(logged, of, "START", told), end];
}

function hasStarted({ seq: until }: LoggedEvent, { run, asset, partition }: Step, told: Told): boolean {
  return told
    .eventsOfRun(run)
    .some(
      ({ seq, event }) =>
        seq < until &&
        event.type === "step_started" &&
        event.asset === asset &&
        event.partition === partition,
    );
}

function whole({ at }: LoggedEvent, run: RunId, type: RunEvent["eventType"], told: Told): RunEvent {
  return {
    eventType: type,
    eventTime: at,
    producer: producer(told),
    schemaURL: `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: told.names.uuid(run), facets: {} },
    job: job(RUN, "RUN", told),
    inputs: [],
    outputs: [],
  };
}

function step(
  logged: LoggedEvent,
  { run, asset, partition }: Step,
  type: RunEvent["eventType"],
  told: Told,
  record?: Omit<AssetRecord, "seq">,
): RunEvent {
  const { names } = told;
  const [engine, version] = record?.engine?.split(" ") ?? [];
  const { event } = logged;
  return {
    ...whole(logged, run, type, told),
    run: {
      runId: names.uuid(run, asset, partition),
      facets: {
        parent: facet(told, "1-0-1/ParentRunFacet", {
          run: { runId: names.uuid(run) },
          job: { namespace: names.namespace, name: RUN },
        }),
        ...(engine === undefined || version === undefined
          ? {}
          : { processing_engine: facet(told, "1-1-1/ProcessingEngineRunFacet", { name: engine, version }) }),
        // What an error says may name a file, or quote a value: its kind does not.
        ...(type === "FAIL" && event.type === "step_failed"
          ? {
              errorMessage: facet(told, "1-0-1/ErrorMessageRunFacet", {
                message: event.error.code,
                programmingLanguage: "TypeScript",
              }),
            }
          : {}),
      },
    },
    job: job(names.word(asset), "STEP", told),
    inputs: (record?.inputs ?? []).map((input) =>
      dataset(input, told.columnsOf(input.asset, input.partition, input.dataVersion), told),
    ),
    outputs:
      record === undefined
        ? []
        : [
            {
              ...made({ asset, partition, dataVersion: record.dataVersion }, record, told),
              outputFacets:
                record.rows === null
                  ? {}
                  : {
                      outputStatistics: facet(told, "1-0-2/OutputStatisticsOutputDatasetFacet", {
                        rowCount: record.rows,
                        size: record.bytes,
                      }),
                    },
            },
          ],
  };
}

function job(name: string, type: string, told: Told): RunEvent["job"] {
  const kind = { processingType: "BATCH", integration: "KARYON", jobType: type };
  return {
    namespace: told.names.namespace,
    name,
    facets: { jobType: facet(told, "2-0-3/JobTypeJobFacet", kind) },
  };
}

function dataset(
  version: { readonly asset: AssetKey; readonly partition: PartitionKey; readonly dataVersion: DataVersion },
  columns: readonly ColumnFacts[] | null,
  told: Told,
): Dataset {
  const { names } = told;
  const fields = columns?.map(({ name, type }) => ({ name: names.word(name), type })) ?? [];
  return {
    namespace: names.namespace,
    name: names.dataset(version.asset, version.partition),
    facets: {
      ...(fields.length === 0 ? {} : { schema: facet(told, "1-1-1/SchemaDatasetFacet", { fields }) }),
      version: facet(told, "1-0-1/DatasetVersionDatasetFacet", {
        datasetVersion: names.version(version.dataVersion),
      }),
    },
  };
}

/** A dataset that a step made. */
function made(version: Parameters<typeof dataset>[0], record: Omit<AssetRecord, "seq">, told: Told): Dataset {
  const plain = dataset(version, record.columns, told);
  const lineage = columnLineage(record, told.names);
  if (lineage === null) return plain;
  const columns = { columnLineage: facet(told, "1-2-0/ColumnLineageDatasetFacet", lineage) };
  return { ...plain, facets: { ...plain.facets, ...columns } };
}

function facet(told: Told, schema: string, content: object): Readonly<Record<string, unknown>> {
  const name = schema.slice(schema.indexOf("/") + 1);
  return {
    _producer: producer(told),
    _schemaURL: `${SPEC}/facets/${schema}.json#/$defs/${name}`,
    ...content,
  };
}

/** `urn:karyon:0.1.0` */
function producer({ software }: Told): string {
  return `urn:${software.replaceAll(/[^\w.-]+/g, ":")}`;
}
