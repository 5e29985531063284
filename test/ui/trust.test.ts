import { describe, expect, test } from "vitest";

import { lineChanges } from "#protocol/line-changes.ts";
import type { CellView } from "#protocol/view.ts";

import { askWords } from "../../ui/state/asks.ts";

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
    expect(askWords(cells)).toBe(
      "It would run code in this page (2 cells), run code on this computer (1 cell), " +
        "show pages of its own in a frame (1 cell), run SQL (2 cells), read files and datasets (1 cell), " +
        "and run steps of Karyon (1 cell). It names the address evil.example.",
    );
    const many = "abcdefgh".split("").map((name) => cell("js", `fetch("https://${name}.example/")`));
    expect(askWords(many)).toContain(
      "the addresses a.example, b.example, c.example, d.example, e.example, f.example, and 2 more.",
    );
    expect(askWords([cell("sql", "from 'https://a.example/x' join 'https://b.example/y'")])).toBe(
      "It would run SQL (1 cell). It names the addresses a.example and b.example.",
    );
  });

  test("is nothing when it is words", () => {
    expect(askWords([cell("md", "Words, and `code`.")])).toBe("It is text alone.");
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
