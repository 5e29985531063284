import { describe, expect, test } from "vitest";

import { matchesGlob } from "#graph/glob.ts";
import { buildGraph } from "#graph/graph.ts";
import { select } from "#graph/selection.ts";
import { statuses } from "#graph/staleness.ts";

import { Memory, PERSON, pipeline } from "./pipeline.ts";

describe("a selection", () => {
  const graph = buildGraph(pipeline);

  test.each([
    ["dataset", ["dataset"]],
    ["+dataset", ["modules/coronary", "modules/lipid", "dataset"]],
    ["1+annotations", ["normalized", "dataset", "annotations"]],
    ["dataset+1", ["dataset", "annotations"]],
    ["normalized+", ["normalized", "annotations", "report"]],
    ["modules/*", ["modules/coronary", "modules/lipid"]],
    ["kind:report or vcf", ["vcf", "report"]],
    ["+annotations and not (modules/* , vcf)", ["normalized", "dataset", "annotations"]],
    ["not +report", []],
  ])("%s", (text, expected) => {
    expect(select(text, graph).toSorted()).toEqual(expected.toSorted());
  });

  test.each([
    ["a", "a", true],
    ["a", "ab", false],
    ["", "", true],
    ["*", "", true],
    ["a*", "a", true],
    ["*a", "ba", true],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["a*b*c", "abxbyc", true],
    ["a*b*c", "acb", false],
    ["*b*", "abc", true],
    ["a.c", "abc", false],
    ["a**c", "abc", true],
  ])("the glob %s and %s: %s", (glob, text, expected) => {
    expect(matchesGlob(glob, text)).toBe(expected);
  });

  test("of many stars, or nested deeply, is answered at once", () => {
    expect(select(`${"*".repeat(200)}set`, graph)).toEqual(["dataset"]);
    expect(() => select(`${"*".repeat(200)}no`, graph)).toThrow("no asset");
    expect(select(`${"(".repeat(100)}dataset${")".repeat(100)}`, graph)).toEqual(["dataset"]);
    expect(() => select("(".repeat(4_000), graph)).toThrow("selection column 101: nested too deeply");
    expect(() => select(`${"not ".repeat(4_000)}dataset`, graph)).toThrow("nested too deeply");
  });

  test("by state", () => {
    const now = statuses(graph, PERSON, new Memory());
    expect(select("missing and modules/*", graph, { statuses: now })).toEqual([
      "modules/coronary",
      "modules/lipid",
    ]);
  });

  test("by the tags and the group that a fence names, and by partition", () => {
    const marked = buildGraph(
      pipeline.map((definition) => {
        const attributes: Record<string, Record<string, string>> = {
          dataset: { tags: "heart, draft", group: "modules" },
          annotations: { tags: "heart", group: "results" },
        };
        const cell = { ...definition.cell, attributes: attributes[definition.key] ?? {} };
        return { ...definition, cell };
      }),
    );
    expect(select("tag:heart", marked)).toEqual(["dataset", "annotations"]);
    expect(select("tag:dra*", marked)).toEqual(["dataset"]);
    expect(select("group:results+ and not tag:heart", marked)).toEqual(["report"]);
    expect(() => select("tag:hart", marked)).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({
          message: "selection column 1: no tag: hart",
          hint: "Write heart if that is what you mean.",
        }),
      }),
    );
    expect(() => select("vcf or group:x", marked)).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({
          message: "selection column 8: no group: x",
          hint: "There are modules, results.",
        }),
      }),
    );
    const own = select("partition:anna/*", marked, { partition: PERSON });
    expect(own).toEqual(marked.order.filter((key) => marked.assets.get(key)?.partitioned));
    expect(own).toContain("normalized");
    expect(select("partition:nobody/*", marked, { partition: PERSON })).toEqual([]);
    expect(select("partition:*", marked)).toEqual([]);
  });

  test.each([
    ["reprot", "selection column 1: no asset: reprot", "Write report if that is what you mean."],
    ["Stale", "selection column 1: no asset: Stale", "Write stale if that is what you mean."],
    ["vcf and", "selection column 8: the selection ends too early", /./],
    ["(vcf", "selection column 5: a ) is missing", /./],
    [
      "colour:red",
      "selection column 1: no such field: colour",
      "Use one of key, kind, tag, group, notebook, partition, status.",
    ],
    ["kind:nope", "selection column 1: no kind: nope", /^There are /],
    ["not tag:x", "selection column 5: no tag: x", "No asset has a tag."],
    ["notebook:nope.md", "selection column 1: no notebook: nope.md", /./],
    ["key:reprot", "selection column 1: no asset: reprot", "Write report if that is what you mean."],
    ["status:stal", "selection column 1: no status: stal", "Write stale if that is what you mean."],
    ["constructor:red", "selection column 1: no such field: constructor", /./],
  ])("%s is refused with its column", (text, message, hint) => {
    expect(() => select(text, graph)).toThrow(
      expect.objectContaining({
        info: expect.objectContaining({ message, hint: expect.stringMatching(hint) }),
      }),
    );
  });
});
