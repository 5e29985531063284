import { expect, test } from "vitest";

import { partitionKey, WHOLE } from "#protocol/ids.ts";
import type { PartitionView } from "#protocol/view.ts";

import { foundSamples } from "../../ui/shell/found-samples.ts";

const SAMPLES = Array.from({ length: 20_000 }, (_, n): PartitionView => ({
  key: partitionKey(n === 7 ? "Zoë" : `user${n % 500}`, `sample_${n}`),
  source: n === 9 ? "blood.vcf.gz" : null,
  synthetic: false,
}));

function found(search: string, chosen = WHOLE): [first: string | undefined, shown: number, more: number] {
  const { shown, more } = foundSamples(SAMPLES, search, chosen);
  return [shown[0]?.key, shown.length, more];
}

test("of many samples the first are shown, the chosen one with them, and the others are counted", () => {
  expect(found("")).toEqual(["user0/sample_0", 100, 19_900]);
  expect(found("", partitionKey("user499", "sample_19999"))).toEqual(["user499/sample_19999", 100, 19_900]);
  expect(found("", partitionKey("user1", "sample_1"))).toEqual(["user0/sample_0", 100, 19_900]);
});

test.each([
  ["19999", "user499/sample_19999"],
  ["USER499 / sample_19999", "user499/sample_19999"],
  ["zoe", "Zoë/sample_7"],
  ["blood", "user9/sample_9"],
])("%s finds one sample, wherever it is", (search, key) => {
  expect(found(search, partitionKey("user1", "sample_1"))).toEqual([key, 1, 0]);
});

test("what none has finds none", () => expect(found("nobody")).toEqual([undefined, 0, 0]));
