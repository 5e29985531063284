import type { AssetRecord } from "#protocol/record.ts";

import { ago, bytes, counted, duration } from "./numbers.ts";

/** The muted line of a made asset: rows · bytes · time · age. */
export function factsLine(record: AssetRecord, now: number): string {
  const facts = [
    record.rows === null ? null : counted(record.rows, "row"),
    bytes(record.bytes),
    duration(record.seconds),
    ago(record.madeAt, now),
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}
