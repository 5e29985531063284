import { expect, test } from "vitest";

import { fractionOf } from "#protocol/record.ts";
import type { Progress } from "#protocol/record.ts";

test.each<[string, Omit<Progress, "phase">, number | null]>([
  ["what the step says itself", { fraction: 0.25, bytes: 1, totalBytes: 2 }, 0.25],
  ["of bytes", { bytes: 1, totalBytes: 4 }, 0.25],
  ["no end is known", { bytes: 1 }, null],
  ["an empty file", { bytes: 0, totalBytes: 0 }, null],
  ["a file that grew while it was read", { bytes: 5, totalBytes: 4 }, 1],
])("how far along: %s", (_, progress, fraction) => {
  expect(fractionOf({ phase: "reading", ...progress })).toBe(fraction);
});
