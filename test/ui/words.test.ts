import { describe, expect, test } from "vitest";

import { endedWords } from "#protocol/ended-words.ts";
import { expectedWords } from "#protocol/expected-words.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { StaleCause } from "#protocol/record.ts";

import { causeSentences, staleKind } from "../../ui/words/cause.ts";
import { cachedLine, factsLine } from "../../ui/words/facts.ts";
import { ago, decimal, ordinal, stopwatch } from "../../ui/words/numbers.ts";
import type { ProgressSample } from "../../ui/words/progress.ts";
import { observe, progressWords, secondsLeft } from "../../ui/words/progress.ts";
import { shortSelection } from "../../ui/words/selection.ts";

import { record, run, step } from "./views.ts";

const key = (name: string): AssetKey => name as AssetKey;

describe("numbers", () => {
  test.each([
    [decimal(0.5), "0.5"],
    [decimal(-12345.678912), "−12,345.6789"],
    [decimal(1.2e-9), "1.20e−9"],
    [decimal(Number.NEGATIVE_INFINITY), "−∞"],
    [stopwatch(4.9), "00:04"],
    [ordinal(1), "1st"],
    [ordinal(12), "12th"],
    [ordinal(22), "22nd"],
    [ago("2026-01-01T00:00:00Z", Date.parse("2026-01-01T00:03:00Z")), "3 min ago"],
    [ago("2026-01-01T00:00:00Z", Date.parse("2026-01-02T00:00:00Z")), "1 day ago"],
  ])("a number reads %s", (is, wanted) => expect(is).toBe(wanted));
});

test("what was taken over says when it was computed and what that saved", () => {
  const made = record("a", { seconds: 252, rows: 412_318, bytes: 18_000_000 });
  expect(cachedLine(made, { seq: 1, run: 3, madeAt: "2025-08-12T10:00:00" })).toBe(
    "made 12 Aug 2025, 10:00, run 3 · 4 min 12 s saved · 412,318 rows · 18 MB",
  );
});

describe("causes", () => {
  const panel = key("panel");
  const annotations = key("annotations");
  const depth = new Map([
    [panel, 0],
    [key("normalized"), 1],
    [annotations, 2],
  ]);
  const cases: readonly [string, StaleCause, AssetKey, string][] = [
    ["own code", { kind: "code", asset: panel, detail: "source changed" }, panel, "code changed"],
    [
      "own file",
      { kind: "code", asset: panel, detail: "variants.csv changed" },
      panel,
      "code changed: variants.csv changed",
    ],
    ["code above", { kind: "code", asset: panel }, annotations, "code of `panel` changed"],
    ["a changed input", { kind: "input", asset: panel, change: "changed" }, annotations, "`panel` changed"],
    ["a new input", { kind: "input", asset: panel, change: "added" }, annotations, "`panel` is a new input"],
    [
      "a lost input",
      { kind: "input", asset: panel, change: "removed" },
      annotations,
      "`panel` is no longer an input",
    ],
    [
      "own software",
      { kind: "software", asset: panel, detail: "duckdb 1.5.5 → 1.5.6" },
      panel,
      "DuckDB 1.5.5 → 1.5.6",
    ],
  ];
  test.each(cases)("%s is told in words", (_, cause, asset, sentence) => {
    expect(causeSentences([cause], asset, depth)).toEqual([sentence]);
  });

  test("the cause furthest upstream comes first, and one software change is one sentence", () => {
    const detail = "polars 0.53 → 0.54";
    const causes: StaleCause[] = [
      { kind: "software", asset: annotations, detail },
      { kind: "software", asset: key("normalized"), detail },
      { kind: "code", asset: annotations, detail: "source changed" },
      { kind: "input", asset: panel, change: "changed" },
    ];
    expect(causeSentences(causes, annotations, depth)).toEqual([
      "`panel` changed",
      "code changed",
      "Polars 0.53 → 0.54, which made `normalized`",
    ]);
  });

  test("own code makes it stale by code, software alone by software, anything else by input", () => {
    const code: StaleCause = { kind: "code", asset: panel };
    const software: StaleCause = { kind: "software", asset: panel, detail: "duckdb 1 → 2" };
    expect(staleKind([software, code], panel)).toBe("stale-code");
    expect(staleKind([software], panel)).toBe("stale-software");
    expect(staleKind([software, code], annotations)).toBe("stale-input");
  });
});

const bytesOf = (done: number): { phase: string; bytes: number; totalBytes: number } => ({
  phase: "reading",
  bytes: done,
  totalBytes: 100,
});

const watched = (...seen: readonly [at: number, done: number][]): readonly ProgressSample[] =>
  seen.reduce<readonly ProgressSample[]>((samples, [at, done]) => observe(samples, bytesOf(done), at), []);

describe("progress", () => {
  test("half in ten seconds leaves ten, less what has passed since", () => {
    const samples = watched([0, 0], [10_000, 50]);
    expect(secondsLeft(samples, 10_000)).toBeCloseTo(10);
    expect(secondsLeft(samples, 13_000)).toBeCloseTo(7);
  });

  test("nothing is guessed from one look, from standing still or without an end", () => {
    expect(secondsLeft(watched([0, 10]), 5_000)).toBeNull();
    expect(secondsLeft(watched([0, 10], [5_000, 10]), 5_000)).toBeNull();
    expect(observe([], { phase: "sorting" }, 0)).toEqual([]);
  });

  test("a step that begins anew forgets its rate", () => {
    expect(watched([0, 10], [5_000, 90], [6_000, 5])).toEqual([{ at: 6_000, fraction: 0.05 }]);
  });

  test("all that is known is said, in one line", () => {
    const progress = { phase: "reading genome.vcf.gz", records: 31e6, bytes: 60e6, totalBytes: 96e6 };
    expect(progressWords(progress, 14)).toBe(
      "62 % · reading genome.vcf.gz · 31.0 M records · 60 of 96 MB · ≈ 14 s left",
    );
    expect(progressWords({ phase: "sorting" }, null)).toBe("sorting");
    const arrived = { rows: 12_000, log: [] };
    expect(progressWords({ phase: "running", arrived }, null)).toBe("running · 12,000 rows so far");
  });
});

test("the line of a made asset names an engine that its run chose, and no other", () => {
  const made = record("a", { engine: "polars 0.24.1" });
  const now = Date.parse(made.madeAt);
  expect(factsLine(made, now)).not.toContain("Polars");
  expect(factsLine({ ...made, runEngine: "polars" }, now)).toMatch(/ · on Polars$/);
});

describe("a run that did not come to its end", () => {
  const begun = { startedAt: "2026-01-01T00:00:00Z" };
  const steps = [
    step("a", { state: "done", ...begun }),
    step("b", { state: "failed", ...begun }),
    step("c", { state: "skipped", reason: "upstream_failed" }),
    step("d"),
    step("e", { state: "skipped", reason: "unchanged" }),
  ];

  test("says what is made and kept, of what nothing is, and what was not begun", () => {
    expect(endedWords(run(1, "interrupted", steps))).toEqual([
      "a: made, and kept.",
      "b: nothing of this attempt is kept; what was there before is.",
      "c, d: not begun.",
    ]);
    expect(endedWords(run(1, "running", steps))).toEqual([]);
  });

  test("names the sample where there are several", () => {
    const other = step("a", { state: "cancelled", ...begun, partition: "b/two" as PartitionKey });
    expect(endedWords(run(1, "cancelled", [step("a", { state: "done", ...begun }), other]))).toEqual([
      "a of demo/genome: made, and kept.",
      "a of b/two: nothing of this attempt is kept; what was there before is.",
    ]);
  });

  test("names no sample beside what is of none", () => {
    const ofNone = step("module", { state: "failed", ...begun, partition: WHOLE });
    expect(endedWords(run(1, "failed", [ofNone, step("c")]))).toEqual([
      "module: nothing of this attempt is kept; what was there before is.",
      "c: not begun.",
    ]);
  });
});

test.each([
  [step("a", { seconds: 41, expected: 38 }), " (38 s expected)"],
  [step("a", { seconds: 0.2, expected: 3 }), " (3.0 s expected)"],
  [step("a", { seconds: 0.02, expected: 0.01 }), ""],
  [step("a", { seconds: 41 }), ""],
  [step("a", { expected: 38 }), ""],
])("beside what a step took stands what it was expected to, when either is worth a word", (one, words) => {
  expect(expectedWords(one)).toBe(words);
});

test.each([
  ["+user_longevity_report", "+user_longevity_report"],
  ["a or b or c or d", "a or b or c or d"],
  ["a or b or c or d or e", "a or b or c or 2 more"],
  ["(a or b or c or d or e) and stale", "(a or b or c or d or e) and stale"],
])("the selection %s is told as %s", (selection, words) => expect(shortSelection(selection)).toBe(words));
