import { expect, test } from "vitest";

import { codeVersion, hashFields } from "#graph/versions.ts";

test("versions keep fields apart", () => {
  expect(hashFields(["1", "23"])).not.toBe(hashFields(["12", "3"]));
  expect(codeVersion("sql", { a: "1", b: "2" })).toBe(codeVersion("sql", { b: "2", a: "1" }));
  expect(codeVersion("sql", { a: "1", b: "2" })).not.toBe(codeVersion("sql", { a: "2", b: "1" }));
});
