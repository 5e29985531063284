import { bytes, counted, duration } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { ago, moment } from "./numbers.ts";

/** An engine as its people write it, with or without its version. */
export function engineWords(engine: string): string {
  return engine.replace(/^duckdb/, "DuckDB").replace(/^polars/, "Polars");
}

/** The muted line of a made asset: rows · bytes · time · age · the engine, where its run chose one. */
export function factsLine(record: AssetRecord, now: number): string {
  const facts = [
    record.rows === null ? null : counted(record.rows, "row"),
    bytes(record.bytes),
    duration(record.seconds),
    ago(record.madeAt, now),
    record.runEngine === undefined ? null : `on ${engineWords(record.runEngine)}`,
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}

/** Of what was taken over: when it was computed, what that saved, then rows · bytes. */
export function cachedLine(record: AssetRecord, from: NonNullable<AssetRecord["takenFrom"]>): string {
  const facts = [
    `made ${moment(from.madeAt)}, run ${from.run}`,
    `${duration(record.seconds)} saved`,
    record.rows === null ? null : counted(record.rows, "row"),
    bytes(record.bytes),
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}
