import fc from "fast-check";
import { expect, test } from "vitest";

import { polars } from "../../kernel/engines/polars.ts";
import { withLiterals } from "../../kernel/engines/polars/literals.ts";
import { bareStatement, sqlPieces } from "../../kernel/engines/sql-text.ts";
import { folder, opened } from "./reading.ts";

const written = [
  ["select $1", ["it's"], "select 'it''s'"],
  ["select ?, ?", [1, 2n], "select 1, 2"],
  ["select $2, $1, $2", [true, null], "select null, true, null"],
  ["select 1 -$1", [-5], "select 1 -(-5)"],
  ["select 1 in ($1, $2)", [-1, -2], "select 1 in (-1, -2)"],
  ["select $1", [0.1], "select cast('0.1' as double)"],
  ["select $1", [1e300], "select cast('1e+300' as double)"],
  ["select $1", [["a", "b'"]], "select ['a', 'b''']"],
  ["select x in ($1, $2, $3)", [1.5, 2, -1e-7], "select x in (1.5, 2.0, -0.0000001)"],
  [
    "select [?, ?], round($1, $2)",
    [1e21, null],
    "select [1000000000000000000000.0, null], round(cast('1e+21' as double), null)",
  ],
  [`select '$1', "?" -- $1\n, $1 /* ? */`, [7], `select '$1', "?" -- $1\n, 7 /* ? */`],
  ["select $1 as a", ["$2 ? -- '"], "select '$2 ? -- ''' as a"],
  ["select $10", Array.from({ length: 10 }, (_, i) => i), "select 9"],
] as const;

test.each(written)("%s is written with its values", (sql, values, expected) => {
  expect(withLiterals(sql, values)).toBe(expected);
});

const refused = [
  ["select $2", [1], "parameter without a value: $2"],
  ["select ?, ?", [1], "parameter without a value: $2"],
  ["select e'\\' $1'", ["x"], "unusual quotes or comments beside parameters"],
  ["select $$ $1 $$", ["x"], "unusual quotes or comments beside parameters"],
  ["select `$1`", ["x"], "unusual quotes or comments beside parameters"],
  ["select 'open $1", ["x"], "unusual quotes or comments beside parameters"],
  ["select /* /* */ $1 */ 1", ["x"], "unusual quotes or comments beside parameters"],
  ["select $1", [Number.NaN], "number that Polars cannot write: NaN"],
  ["select $1", [2n ** 63n], "number that Polars cannot write: 9223372036854775808"],
  ["select $1", ["a\0b"], "text with a zero byte"],
] as const;

test.each(refused)("%s is refused with what cannot be written", (sql, values, message) => {
  expect(() => withLiterals(sql, values)).toThrow(message);
});

test("any text comes back as it was given", async () => {
  const connection = await opened(polars);
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom("'", "\\", "--", "/*", "*/", "$1", "?", ";", '"', "\n", "e'", "$$"), {
        maxLength: 8,
      })
      .map((parts) => parts.join("")),
  );
  await fc.assert(
    fc.asyncProperty(
      text.filter((value) => !value.includes("\0")),
      async (value) => {
        expect(await connection.rows("select $1 as a, 'b' as b", [value])).toEqual([{ a: value, b: "b" }]);
      },
    ),
    { numRuns: 200 },
  );
});

test("a list may hold numbers below zero", async () => {
  const connection = await opened(polars);
  const sql = "select $1 in ($2, $3) as a, [$2, $3] as b";
  expect(await connection.rows(sql, [-1, -1, 2])).toEqual([{ a: true, b: [-1, 2] }]);
});

test("a list of fractions holds what it was given", async () => {
  const connection = await opened(polars);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 5 }),
      async (values) => {
        const numbers = values.map((value) => value + 0);
        const names = [...numbers, 0.5].map((_, i) => `$${i + 1}`).join(", ");
        const [row] = await connection.rows<{ a: number[]; b: boolean }>(
          `select [${names}] as a, cast($1 as double) in (${names}) as b`,
          [...numbers, 0.5],
        );
        expect(row).toEqual({ a: [...numbers, 0.5], b: true });
      },
    ),
    { numRuns: 100 },
  );
});

test("a list that Polars does not take is refused in words", async () => {
  const connection = await opened(polars);
  await expect(connection.rows("select [$1, 2] as a", [1.5])).rejects.toMatchObject({
    info: { message: "Polars takes no such list", hint: expect.stringContaining("2.0, not 2") },
  });
});

test("Polars, which cannot be kept from files, is not opened for SQL that is not trusted", async () => {
  await expect(polars.open({ spillDirectory: await folder(), allowedDirectories: [] })).rejects.toMatchObject(
    {
      info: { code: "engine", hint: "Use duckdb for SQL that is not trusted." },
    },
  );
});

test("the pieces of any text are that text", () => {
  const part = fc.constantFrom("'", '"', "--", "/*", "*/", "$$", "$a$", "\n", ";", "a", " ", "''");
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const sql = parts.join("");
      expect(
        sqlPieces(sql)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(sql);
    }),
  );
});

test.each([
  ["select 1", "select 1"],
  ["select 1 ; ; ", "select 1"],
  ["select ';' ; -- ;\n/* ; */", "select ';'"],
  ["-- why\nselect 1", "-- why\nselect 1"],
  [" ; -- nothing", ""],
])("%j is bare as %j", (sql, bare) => {
  expect(bareStatement(sql)).toBe(bare);
});
