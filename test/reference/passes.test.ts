import { expect, test } from "vitest";

import { passesOf } from "../../kernel/reference/passes.ts";
import type { VariantGroup } from "../../kernel/reference/row-groups.ts";

/** A row group that begins on a contig at a position. */
function group(contig: string, from: number): VariantGroup {
  const stretch = { contig, from, to: from + 10, variants: 5 };
  return { first: from, rows: 5, stretches: [stretch], longest: 1 };
}

function shown(samples: readonly (readonly VariantGroup[])[]): string[] {
  return passesOf(samples).map((pass) =>
    pass.map(({ sample, group }) => `${sample}:${group.stretches[0]?.contig}:${group.first}`).join(" "),
  );
}

test("one sample has a pass for each of its row groups", () => {
  expect(shown([[group("1", 5), group("1", 90), group("2", 7)]])).toEqual(["0:1:5", "0:1:90", "0:2:7"]);
});

test("of several samples, row groups of one neighbourhood share a pass, whatever the order of contigs", () => {
  const first = [group("1", 5), group("1", 90), group("2", 7), group("X", 1)];
  const second = [group("1", 8), group("2", 9), group("1", 95)];
  expect(shown([first, second])).toEqual(["0:1:5 1:1:8", "0:1:90 1:1:95", "0:2:7 1:2:9", "0:X:1"]);
});

test("no more than eight row groups share a pass, and each is in one", () => {
  const samples = Array.from({ length: 20 }, (_, at) => [group("1", at), group("2", at)]);
  const passes = passesOf(samples);
  expect(passes.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8]);
  expect(
    new Set(passes.flat().map(({ sample, group }) => `${sample} ${group.stretches[0]?.contig}`)).size,
  ).toBe(40);
});
