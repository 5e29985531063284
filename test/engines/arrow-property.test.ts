import { tmpdir } from "node:os";
import { join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteName, quoteText } from "../../kernel/engines/engine.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { messagesOf } from "./reading.ts";

let connection: Connection;

beforeAll(async () => {
  connection = await duckdb.open({
    spillDirectory: join(tmpdir(), `karyon-property-${process.pid}`),
    threads: 2,
  });
});

afterAll(() => connection.close());

/** A type and SQL literals of it; each value may be null. */
interface Typed {
  readonly type: string;
  readonly literal: fc.Arbitrary<string>;
}

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom("", "A", "chr1", "exactly 12 b", "thirteen byte", "long ".repeat(60)),
);

const leaves: readonly Typed[] = [
  { type: "BOOLEAN", literal: fc.boolean().map(String) },
  { type: "INTEGER", literal: fc.integer().map(String) },
  { type: "BIGINT", literal: fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }).map(String) },
  {
    type: "DOUBLE",
    literal: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => `'${value}'`),
  },
  { type: "VARCHAR", literal: text.filter((value) => !value.includes("\0")).map(quoteText) },
];

const types: fc.Arbitrary<Typed> = fc.letrec<{ type: Typed }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie("type").map(({ type, literal }) => ({
      type: `${type}[]`,
      literal: fc.array(nullable(literal), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
    })),
    tie("type").map(({ type, literal }) => ({
      type: `${type}[2]`,
      literal: fc.tuple(nullable(literal), nullable(literal)).map((items) => `[${items.join(", ")}]`),
    })),
    fc.array(tie("type"), { minLength: 1, maxLength: 3 }).map((fields) => ({
      type: `STRUCT(${fields.map(({ type }, i) => `${quoteName(`f ${i}`)} ${type}`).join(", ")})`,
      literal: fc
        .tuple(...fields.map(({ literal }) => nullable(literal)))
        .map((values) => `{${values.map((value, i) => `'f ${i}': ${value}`).join(", ")}}`),
    })),
  ),
})).type;

const tables = fc.array(types, { minLength: 1, maxLength: 4 }).chain((columns) =>
  fc.record({
    types: fc.constant(columns.map(({ type }) => type)),
    rows: fc.array(fc.tuple(...columns.map(({ literal }) => nullable(literal))), {
      minLength: 1,
      maxLength: 12,
    }),
    /** How often the rows are repeated, so that some tables have several chunks and batches. */
    times: fc.constantFrom(1, 40, 700),
    kept: fc.constantFrom(1, 2, 7),
  }),
);

test("any table of any types arrives as DuckDB's JSON says it is", { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ types: columns, rows, times, kept }) => {
      const names = columns.map((_, i) => `c${i}`);
      const row = (values: readonly string[]): string =>
        `(${values.map((value, i) => `(${value})::${columns[i] ?? ""}`).join(", ")})`;
      await connection.run(
        `create or replace table t as select r * 1000 + n as i, ${names.join(", ")}
         from (select *, row_number() over () as n from (values ${rows.map(row).join(", ")}) v(${names.join(", ")})), range(${times}) t(r)`,
      );
      const query = `from t where hash(i) % ${kept} = 0 order by i`;
      const said = await connection.rows<{ said: string }>(
        `select to_json({${names.map((name) => `'${name}': ${name}`).join(", ")}})::varchar as said ${query}`,
      );
      const table = tableFromIPC(await messagesOf(connection.stream(`select ${names.join(", ")} ${query}`)));
      const read = table.toArray().map((one: { toJSON(): unknown }) => comparable(one.toJSON()));
      expect(read).toEqual(said.map((one) => comparable(JSON.parse(one.said))));
    }),
    { numRuns: 40 },
  );
});

function nullable(literal: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 4, arbitrary: literal }, { weight: 1, arbitrary: fc.constant("null") });
}

/** Values as JSON has them: what Arrow calls vectors and rows as arrays and objects, whole numbers as numbers. */
function comparable(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === "bigint" ? Number(one) : Object.is(one, -0) ? 0 : one,
    ),
  );
}
