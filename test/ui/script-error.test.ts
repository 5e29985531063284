// @vitest-environment jsdom
import { expect, test } from "vitest";

import { scriptError } from "../../ui/runtime/script-error.ts";

test("what is thrown and is no error is written as JavaScript writes it", () => {
  expect(scriptError({ site: "rs11", n: 1 }, "a").message).toBe('thrown: {site: "rs11", n: 1}');
  expect(scriptError("no", "a").message).toBe("thrown: no");
});

test("a message of megabytes is cut, and says so", () => {
  const { message, detail } = scriptError(new Error("x".repeat(1e6)), "a");
  expect(message).toMatch(/^Error: x{993}… 999,007 more characters$/);
  expect(detail?.length).toBeLessThan(30_000);
});

test("an error is placed in the cell that threw it, by the first of its frames in a cell", () => {
  const error = Object.assign(new TypeError("no"), {
    stack: "TypeError: no\n    at f (cell/my%20plot.js:4:7)\n    at default (cell/other.js:2:1)",
    cause: new Error("deeper"),
  });
  expect(scriptError(error, "other")).toMatchObject({
    message: "TypeError: no",
    cell: "my plot",
    span: { line: 3, column: 7 },
    detail: expect.stringContaining("caused by Error: deeper") as unknown,
  });
});
