import type { CodeVersion, DataVersion, ObjectHash } from "#protocol/ids.ts";

import type { RecordBody } from "../../server/catalog/events.ts";

/** The record of a table of one file, whose version is the hash of the file unless another is given. */
export function recordBody(
  given: Pick<RecordBody, "asset" | "partition"> & { readonly hash: string; readonly bytes: number },
  changes: Partial<RecordBody> = {},
): RecordBody {
  const { asset, partition, hash, bytes } = given;
  return {
    files: [{ name: "a.parquet", hash: hash as ObjectHash, bytes }],
    table: "a.parquet",
    rows: 1,
    columns: [],
    seconds: 1,
    cpuPercent: 100,
    peakRssMb: 100,
    engine: null,
    modules: [],
    reference: null,
    facts: null,
    run: 1,
    asset,
    partition,
    codeVersion: "c" as CodeVersion,
    parts: {},
    dataVersion: hash as DataVersion,
    inputs: [],
    bytes,
    software: "karyon test",
    madeAt: "2026-11-22T12:00:00Z",
    ...changes,
  };
}
