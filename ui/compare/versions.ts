import type { AssetRecord } from "#protocol/record.ts";

import { moment } from "../words/numbers.ts";

/** `run 3 · 22 Nov 2026, 14:02`. */
export function versionWords({ run, madeAt }: Pick<AssetRecord, "run" | "madeAt">): string {
  return `run ${run} · ${moment(madeAt)}`;
}
