import { describe, expect, test } from "vitest";

import { lineChanges } from "#protocol/line-changes.ts";
import type { CellView } from "#protocol/view.ts";

import { asksOf } from "../../ui/state/asks.ts";

function cell(language: string, source: string, attributes: CellView["attributes"] = {}): CellView {
  const kind = language === "md" ? "markdown" : "view";
  return {
    id: "x",
    name: null,
    language,
    kind,
    source,
    attributes,
    inputs: null,
    asset: null,
    error: null,
    disabledBy: null,
  };
}

describe("what a notebook asks for", () => {
  test("is told by where it would run, with the addresses that its cells name", () => {
    const cells = [
      cell("md", "Read https://example.org and nothing runs."),
      cell("md", "There are ${n} of them."),
      cell("js", 'fetch("https://evil.example/x?y")'),
      cell("ts", "1", { kernel: "" }),
      cell("sql", "select 1"),
      cell("sql", "select 2"),
      cell("html", "<p>"),
      cell("yaml", "repo: a/b", { source: "huggingface" }),
      cell("yaml", "annotations: hits", { report: "" }),
    ];
    expect(asksOf(cells)).toEqual([
      "code in this page in 2 cells",
      "code on this computer in 1 cell",
      "pages of its own, in a frame, in 1 cell",
      "SQL in 2 cells",
      "files and datasets in 1 cell",
      "steps of Karyon in 1 cell",
      "names the address evil.example",
    ]);
  });

  test("is nothing when it is words", () => {
    expect(asksOf([cell("md", "Words, and `code`.")])).toEqual([]);
  });
});

test("the lines that changed stand between two that did not", () => {
  const change = lineChanges("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n");
  expect(change.map(({ line, is }) => `${is} ${line}`)).toEqual([
    "same b",
    "same c",
    "gone d",
    "new X",
    "same e",
    "same f",
  ]);
  expect(lineChanges("", "a")).toEqual([{ line: "a", is: "new" }]);
  expect(lineChanges("a\na\n", "a\n").filter(({ is }) => is !== "same")).toEqual([{ line: "a", is: "gone" }]);
});

test("changes that are apart are each shown where they are, with a gap between", () => {
  const words = (before: string, after: string): string[] =>
    lineChanges(before.split("").join("\n"), after.split("").join("\n")).map(
      ({ line, is }) => `${is} ${line}`,
    );
  expect(words("abcdefghijk", "aXcdefghijYk")).toEqual([
    "same a",
    "gone b",
    "new X",
    "same c",
    "same d",
    "gap ",
    "same i",
    "same j",
    "new Y",
    "same k",
  ]);
  expect(words("xab", "abx")).toEqual(["gone x", "same a", "same b", "new x"]);
});
