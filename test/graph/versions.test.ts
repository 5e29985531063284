import { expect, test } from "vitest";

import { codeVersion, hashFields, writtenVersion } from "#graph/versions.ts";

test("versions keep fields apart", () => {
  expect(hashFields(["1", "23"])).not.toBe(hashFields(["12", "3"]));
  expect(codeVersion("sql", { a: "1", b: "2" })).toBe(codeVersion("sql", { b: "2", a: "1" }));
  expect(codeVersion("sql", { a: "1", b: "2" })).not.toBe(codeVersion("sql", { a: "2", b: "1" }));
});

test("what a person wrote is the same whatever carries it out, and another with a text or an engine of its own", () => {
  const cell = { language: "sql", attributes: {}, source: "" };
  const written = (parts: Record<string, string>): string => writtenVersion({ kind: "sql", cell }, parts);
  const first = written({ sql: "select 1", duckdb: "1.5.6", karyon: "a" });
  expect(written({ sql: "select 1", duckdb: "1.6.0", karyon: "b" })).toBe(first);
  expect(written({ sql: "select 2", duckdb: "1.5.6", karyon: "a" })).not.toBe(first);
  expect(written({ sql: "select 1", polars: "0.24.1", karyon: "a" })).not.toBe(first);
});
