// @vitest-environment jsdom
import { DateDay, Float64, Table, Utf8, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";

import { describe, inspect } from "../../ui/runtime/inspect.ts";

test("a text that is cut says how much of it is not shown", () => {
  expect(inspect("x".repeat(10_005)).textContent).toMatch(/^x{10000}… 5 more characters$/);
  expect(inspect("x".repeat(10_000)).textContent).toMatch(/^x{10000}$/);
});

test("what shows nothing of itself is named", () => {
  expect(describe(new Blob(["abc"]))).toBe("Blob {}");
  expect(describe(new ArrayBuffer(8))).toBe("ArrayBuffer {}");
  expect(describe(new DataView(new ArrayBuffer(8)))).toBe("DataView {}");
  expect(describe({ a: /x/g, b: {} })).toBe("{a: /x/g, b: {}}");
  expect(describe(new Map([[1, new Set(["a"])]]))).toBe('Map {[1, Set {"a"}]}');
});

test("of a long list the first items are looked at, and of one that never ends too", () => {
  expect(describe(new Uint8Array(10_000_000))).toContain("… 9,999,900 more");
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield 1;
    },
  };
  expect(describe({ endless }).endsWith("…\n  ]\n}")).toBe(true);
});

test("a table is written out as it is shown elsewhere: dates as dates, numbers at the right", () => {
  const table = new Table({
    name: vectorFromArray(["a"], new Utf8()),
    day: vectorFromArray([new Date("2020-02-29")], new DateDay()),
    x: vectorFromArray([1234.5], new Float64()),
  });
  const figure = inspect(table) as HTMLElement;
  const cells = [...figure.querySelectorAll("td")].map((cell) => cell.textContent);
  expect(cells).toEqual(["a", "2020-02-29", "1,234.5"]);
  expect(figure.querySelector("td.right")?.textContent).toBe("1,234.5");
});
