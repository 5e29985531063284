import type { Spread } from "#protocol/annotation.ts";

import { PRIMARY_CONTIGS } from "../../primary-contigs.ts";
import type { Counts } from "./record-reader.ts";

/** How the kept records of all files lie on primary contigs; null where they did not come in order on each of these. */
export function spreadOf(
  readings: readonly Pick<Counts, "contigs" | "spreads" | "keptBackward">[],
): Spread | null {
  const contigs = readings.flatMap((reading) => reading.contigs);
  const isShared = new Set(contigs).size < contigs.length;
  if (isShared || readings.some(({ keptBackward }) => keptBackward > 0)) return null;
  return readings
    .flatMap(({ spreads }) => spreads)
    .filter((_spread, place) => PRIMARY_CONTIGS.includes(contigs[place] ?? ""))
    .reduce(
      (all, { positions, span, near }) => ({
        positions: all.positions + positions,
        span: all.span + span,
        near: all.near + near,
      }),
      { positions: 0, span: 0, near: 0 },
    );
}
