import type { IngestSummary } from "#protocol/annotation.ts";
import type { MatrixCounts } from "#protocol/matrix.ts";
import { MIB, bytes, count, counted, duration } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { engineWords } from "../words/facts.ts";
import { moment, shortHash } from "../words/numbers.ts";

/** A line of the record: what, and its values, each on its own when there are several. */
export interface RecordLine {
  readonly term: string;
  readonly values: readonly string[];
}

/** Everything the record says, in the order a reader asks: when, how many, what was lost, what it cost, from what. */
export function recordLines(record: AssetRecord): RecordLine[] {
  const ingest = ingestOf(record.facts);
  const cost = [
    duration(record.seconds),
    `CPU ${count(Math.round(record.cpuPercent))} %`,
    `peak ${bytes(record.peakRssMb * MIB)}`,
  ];
  const lines: [term: string, values: readonly (string | null)[]][] = [
    ["made", [`${moment(record.madeAt)} · run ${record.run}`]],
    ["computed", [record.takenFrom === undefined ? null : takenWords(record.takenFrom)]],
    ["rows", [rowsWords(record, ingest)]],
    ["removed", ingest === null ? [] : removedWords(ingest)],
    ["findings", ingest?.findings.map((one) => `${one.kind} ${count(one.count)}`) ?? []],
    ["genotypes", matrixWords(record.facts)],
    ["size", [`${bytes(record.bytes)}${record.files.length > 1 ? ` in ${record.files.length} files` : ""}`]],
    ["time", [cost.join(" · ")]],
    ["build", ingest === null ? [] : [`${ingest.build.detected ?? "not stated"}, ${ingest.build.how}`]],
    ["sample", [ingest?.samples.chosen ?? null]],
    [
      "inputs",
      record.inputs.map(
        (input) =>
          `${input.asset}${input.compared === true ? ` of ${input.partition}` : ""} ${shortHash(input.dataVersion)}`,
      ),
    ],
    ["rows by", (record.rowsFrom ?? []).map(({ asset, column }) => `${asset}.${column}`)],
    ["engine", [record.engine === null ? null : engineWords(record.engine), chosenWords(record)]],
    ["modules", record.modules.map(moduleWords)],
    ["reference", [record.reference]],
    ["console", consoleOf(record.facts)],
    ["data", [shortHash(record.dataVersion)]],
    ["code", [shortHash(record.codeVersion)]],
    ["software", [record.software]],
  ];
  return lines
    .map(([term, values]) => ({ term, values: values.filter((value) => value !== null) }))
    .filter((line) => line.values.length > 0);
}

function takenWords({ madeAt, run }: NonNullable<AssetRecord["takenFrom"]>): string {
  return `${moment(madeAt)} · run ${run}, by the same code from the same inputs`;
}

function rowsWords(record: AssetRecord, ingest: IngestSummary | null): string | null {
  if (record.rows === null) return null;
  return ingest === null || ingest.records.read === record.rows
    ? count(record.rows)
    : `${count(record.rows)} of ${count(ingest.records.read)}`;
}

/** A record that fails two rules counts in both, so the rules may add up to more than what is gone. */
function removedWords(ingest: IngestSummary): string[] {
  const rules = Object.entries(ingest.records.removed).filter(([, number]) => number > 0);
  return rules.map(([rule, number]) => `${rule} ${count(number)}`);
}

function moduleWords(module: AssetRecord["modules"][number]): string {
  return [module.name, module.version, shortHash(module.digest)].filter((part) => part !== null).join(" ");
}

function chosenWords({ runEngine }: AssetRecord): string | null {
  return runEngine === undefined ? null : "chosen for its run";
}

/** What a matrix of genotypes counted, when that is what the facts of a record are. */
function matrixWords(facts: unknown): string[] {
  if (typeof facts !== "object" || facts === null || !("shared" in facts && "samples" in facts)) return [];
  const { shared, samples } = facts as MatrixCounts;
  return [
    `${counted(shared, "row")} with a record of each`,
    ...samples.map(
      ({ sample, records, repeated, only }) =>
        `${sample}: ${counted(records, "record")}${repeated === 0 ? "" : `, ${count(repeated)} behind another in one row`}, ${counted(only, "row")} where the others have nothing`,
    ),
  ];
}

/** What a script wrote, when that is what the facts of a record are. */
function consoleOf(facts: unknown): readonly string[] {
  if (typeof facts !== "object" || facts === null || !("console" in facts)) return [];
  return Array.isArray(facts.console) ? facts.console.map(String) : [];
}

/** The summary of an ingest, when that is what the facts of a record are. */
export function ingestOf(facts: unknown): IngestSummary | null {
  if (typeof facts !== "object" || facts === null) return null;
  const is = "records" in facts && "presence" in facts && "build" in facts && "findings" in facts;
  return is ? (facts as IngestSummary) : null;
}
