import { describe, expect, test } from "vitest";

import { analyseScript } from "../../../ui/js/analyse-script.ts";
import { columnBefore, guardLoops, LOOK } from "../../../ui/js/guard-loops.ts";
import { loopGuard, MOST_MS } from "../../../ui/runtime/loop-guard.ts";
import type { Look } from "../../../ui/runtime/loop-guard.ts";

/** Runs a cell's text; `look` is told the place of each loop that asks. */
async function run(source: string, look: Look): Promise<unknown> {
  const guarded = guardLoops(analyseScript(source, null).module);
  if (guarded === null) throw new Error("no loop was found");
  const loaded = (await import(`data:text/javascript,${encodeURIComponent(guarded.text)}`)) as {
    default: () => Promise<unknown>;
    [LOOK]: (look: Look) => void;
  };
  loaded[LOOK](look);
  return loaded.default();
}

describe("a loop that is guarded", () => {
  test.each([
    ["let n = 0; for (let i = 0; i < 5; i++) n += i;", { n: 10 }, [[2, 12]]],
    ["let n = 0;\nfor (const i of [1, 2]) { n += i; }", { n: 3 }, [[3, 1]]],
    ["let n = '';\n  for (const i in {a: 1, b: 2}) n += i", { n: "ab" }, [[3, 3]]],
    ["let n = 0; while (n < 3) n++;", { n: 3 }, [[2, 12]]],
    ["let n = 0; do n++; while (n < 3)", { n: 3 }, [[2, 12]]],
    [
      "let n = 0; for (let i = 0; i < 2; i++) for (let j = 0; j < 2; j++) n++;",
      { n: 4 },
      [
        [2, 12],
        [2, 40],
      ],
    ],
    ["let n = 0; outer: for (;;) { for (;;) { if (++n > 3) break outer; continue outer; } }", { n: 4 }, null],
    ["let n = 0; if (n) for (;;) n--; else n = 7;", { n: 7 }, []],
    ["let n = 0; for (;n < 2; n++);", { n: 2 }, [[2, 12]]],
    ["const n = [...(function* () { let i = 0; while (i < 3) yield i++; })()];", { n: [0, 1, 2] }, [[2, 42]]],
    ["let n = 0; for await (const i of [1, 2]) n += i;", { n: 3 }, [[2, 12]]],
    [
      "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } const n = fib(9);",
      { n: 34 },
      [[2, 1]],
    ],
    ["const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2), n = fib(9);", { n: 34 }, [[2, 13]]],
    ["const pair = (n) => ({n: n && pair(n - 1).n}); const {n} = pair(2);", { n: 0 }, [[2, 14]]],
    [
      "const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n > 0 && even(n - 1); const n = even(4);",
      { n: true },
      [
        [2, 14],
        [2, 56],
      ],
    ],
    [
      "const size = (all) => 1 + d3sum(all.map((one) => size(one))); const d3sum = (all) => all.reduce((a, b) => a + b, 0); const n = size([[], [[]]]);",
      { n: 4 },
      [[2, 14]],
    ],
    ["let f, n = 0; while (n < 1) n++, f = (i) => i && f(i - 1)\nf(2)", { n: 1 }, null],
    ["const n = (function down(i) { return i && down(i - 1); })(3);", { n: 0 }, [[2, 12]]],
  ])("does what it did: %s", async (source, outputs, places) => {
    const asked = new Set<string>();
    const result = await run(source, (line, column) => {
      asked.add(JSON.stringify([line, column]));
      return 0;
    });
    expect(result).toMatchObject(outputs);
    if (places !== null) expect([...asked]).toEqual(places.map((place) => JSON.stringify(place)));
  });

  test("a text without loops and recursion is left alone, also one that names them", () => {
    expect(guardLoops(analyseScript("a.map((x) => x + 1)", null).module)).toBeNull();
    expect(guardLoops(analyseScript('"for a while"', null).module)).toBeNull();
    expect(guardLoops(analyseScript("const twice = (x) => x * 2; [1].map(twice)", null).module)).toBeNull();
  });

  test("what is behind a check has the place that it had in the cell", () => {
    const { module } = analyseScript("for (;;) a(); b();\nfor (;;) { c(); }", null);
    const guarded = guardLoops(module);
    const lines = guarded?.text.split("\n") ?? [];
    for (const [line, name] of [
      [2, "a("],
      [2, "b("],
      [3, "c("],
    ] as const) {
      const before = module.split("\n")[line - 1]?.indexOf(name) ?? -1;
      const now = lines[line - 1]?.indexOf(name) ?? -1;
      expect(now).toBeGreaterThan(before);
      expect(columnBefore(guarded?.insertions ?? [], line, now + 1)).toBe(before + 1);
    }
    // A place in a check is that of the loop's body.
    expect(columnBefore(guarded?.insertions ?? [], 2, 12)).toBe(10);
  });
});

describe("the guard of a cell's loops", () => {
  /** A guard whose every look takes a while; `turn` is whether the page did something else before. */
  function guard(stepMs: number, turn: (look: number) => boolean): { look: Look; count: () => number } {
    let [looks, turns, now] = [0, 0, 0];
    const look = loopGuard(
      "mine",
      { now: () => (turn(looks) ? ++turns : turns) },
      () => (now += (looks++, stepMs)),
    );
    return { look: () => look(4, 3, "loop"), count: () => looks };
  }

  test("stops what keeps the page from everything else, with its place, and goes on stopping it", () => {
    const { look, count } = guard(MOST_MS / 10, () => false);
    const stopped = expect.objectContaining({
      info: expect.objectContaining({
        message: "this loop kept the page from everything else for 5 s",
        cell: "mine",
        span: { line: 3, column: 3, length: 1 },
      }),
    });
    while (count() < 11) look(0, 0, "loop");
    expect(() => look(0, 0, "loop")).toThrow(stopped);
    expect(() => look(0, 0, "loop")).toThrow(stopped);
  });

  test("lets a loop go on for ever that lets the page go on", () => {
    const { look, count } = guard(MOST_MS / 10, (looks) => looks % 5 === 0);
    while (count() < 1000) look(0, 0, "loop");
    expect(count()).toBe(1000);
  });

  test("does not take a pause in a debugger for a loop", () => {
    const { look } = guard(MOST_MS * 3, () => false);
    for (let looks = 0; looks < 4; looks++) expect(look(0, 0, "loop")).toBeGreaterThan(0);
  });

  test("looks often when the rounds take long, and rarely when they do not", () => {
    const rounds = (stepMs: number): number => {
      const { look } = guard(stepMs, () => false);
      return Array.from({ length: 14 }, () => look(0, 0, "loop")).at(-1) ?? 0;
    };
    expect(rounds(0.001)).toBe(1024);
    expect(rounds(100)).toBe(1);
  });
});
