import { tmpdir } from "node:os";
import { join } from "node:path";

import { DataType, tableFromIPC } from "apache-arrow";
import type { Data, Table, Vector } from "apache-arrow";
import polars from "nodejs-polars";
import { afterAll, beforeAll, expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { Connection } from "../../kernel/engines/engine.ts";
import { messagesOf } from "./reading.ts";

/** One type: some of its values in SQL, and what DuckDB and the reader of our bytes say of each, as text. */
interface Case {
  readonly type: string;
  readonly values: readonly string[];
  /** DuckDB's text of `v`; default the cast to VARCHAR. */
  readonly said?: string;
  /** The text of every row of a column; default `String(value)`. */
  readonly read?: (column: Vector) => (string | null)[];
  /** Whether Polars reads the type too. */
  readonly polars?: boolean;
}

const hex = "lower(hex(v))";
const days = "(v - date '1970-01-01')::varchar";
const json = "to_json(v)::varchar";

const cases: readonly Case[] = [
  { type: "BOOLEAN", values: ["true", "false"], polars: true },
  { type: "TINYINT", values: ["-128", "127", "0"], polars: true },
  { type: "SMALLINT", values: ["-32768", "32767"], polars: true },
  { type: "INTEGER", values: ["-2147483648", "2147483647", "7"], polars: true },
  {
    type: "BIGINT",
    values: ["-9223372036854775808", "9223372036854775807", "9007199254740993"],
    polars: true,
  },
  { type: "UTINYINT", values: ["0", "255"], polars: true },
  { type: "USMALLINT", values: ["0", "65535"], polars: true },
  { type: "UINTEGER", values: ["0", "4294967295"], polars: true },
  { type: "UBIGINT", values: ["0", "18446744073709551615", "9223372036854775808"], polars: true },
  {
    type: "HUGEINT",
    values: [
      "0",
      "-1",
      "170141183460469231731687303715884105727",
      "'-170141183460469231731687303715884105728'",
    ],
    read: decimals,
  },
  {
    type: "UHUGEINT",
    values: [
      "0",
      "1",
      "340282366920938463463374607431768211455",
      "'170141183460469231731687303715884105728'",
    ],
    read: decimals,
  },
  {
    type: "FLOAT",
    values: ["0.5", "-1.25", "'inf'", "'nan'", "3.4028235e38"],
    said: "v::double::varchar",
    read: floats,
  },
  { type: "DOUBLE", values: ["0.1", "'-inf'", "'nan'", "5e-324", "1.7976931348623157e308"], read: floats },
  { type: "DECIMAL(4,1)", values: ["-999.9", "0.1", "999.9"], read: decimals },
  { type: "DECIMAL(9,3)", values: ["-999999.999", "0.001"], read: decimals },
  { type: "DECIMAL(18,6)", values: ["-999999999999.999999", "0.000001", "-0.5"], read: decimals },
  {
    type: "DECIMAL(38,10)",
    values: ["'-9999999999999999999999999999.9999999999'", "0.0000000001"],
    read: decimals,
  },
  {
    type: "VARCHAR",
    values: [
      "''",
      "'a'",
      "'twelve bytes'",
      "'thirteen byte'",
      "'naïve 🧬 Δ'",
      "repeat('long ', 500)",
      "'a' || chr(0) || 'b'",
    ],
    polars: true,
  },
  {
    type: "BLOB",
    values: ["''", "'\\x00\\xFF'", "'more than twelve \\x80 bytes'"],
    said: hex,
    read: bytes,
    polars: true,
  },
  { type: "BIT", values: ["'1'", "'00000001'", "'101010101'", "repeat('10', 80)"] },
  { type: "BIGNUM", values: ["'0'", "'-123456789012345678901234567890123456789012'", "'255'", "'-256'"] },
  {
    type: "UUID",
    values: ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-4fff-bfff-fffffffffffe'"],
  },
  {
    type: "DATE",
    values: ["'1969-12-31'", "'2024-02-29'", "'9999-12-31'", "'0001-01-01'"],
    said: days,
    read: numbers,
    polars: true,
  },
  { type: "TIME", values: ["'00:00:00'", "'23:59:59.999999'"], said: "epoch_us(v)::varchar", read: numbers },
  { type: "TIME_NS", values: ["'23:59:59.999999999'"], said: "epoch_ns(v)::varchar", read: numbers },
  {
    type: "TIMETZ",
    values: ["'12:30:45.123456+02'", "'00:00:00-15:59:59'", "'23:59:59.5+05:30'", "'01:02:03+00'"],
  },
  {
    type: "TIMESTAMP_S",
    values: ["'1969-12-31 23:59:59'", "'2024-02-29 12:00:00'"],
    said: "epoch(v)::bigint::varchar",
    read: numbers,
  },
  {
    type: "TIMESTAMP_MS",
    values: ["'1969-12-31 23:59:59.999'"],
    said: "epoch_ms(v)::varchar",
    read: numbers,
    polars: true,
  },
  {
    type: "TIMESTAMP",
    values: ["'1969-12-31 23:59:59.999999'", "'2262-04-12'"],
    said: "epoch_us(v)::varchar",
    read: numbers,
    polars: true,
  },
  {
    type: "TIMESTAMP_NS",
    values: ["'2024-02-29 12:00:00.123456789'"],
    said: "epoch_ns(v)::varchar",
    read: numbers,
    polars: true,
  },
  {
    type: "TIMESTAMPTZ",
    values: ["'2024-02-29 12:00:00+05'"],
    said: "epoch_us(v)::varchar",
    read: numbers,
    polars: true,
  },
  {
    type: "INTERVAL",
    values: ["'14 months -3 days 01:02:03.000004'", "'0 days'", "'-1 year'"],
    said: "case when v is not null then concat_ws(' ', datepart('year', v) * 12 + datepart('month', v), datepart('day', v), datepart('hour', v) * 3600000000000 + datepart('minute', v) * 60000000000 + (datepart('microsecond', v) * 1000)) end",
    read: intervals,
  },
  { type: "ENUM('het', 'hom', 'ref')", values: ["'het'", "'ref'", "'hom'"], polars: true },
  { type: "INTEGER[]", values: ["[]", "[1, null, 3]", "[4]"], said: json, read: nested, polars: true },
  {
    type: "VARCHAR[]",
    values: ["['A', 'long enough for a pointer']", "[]", "[null]"],
    said: json,
    read: nested,
    polars: true,
  },
  { type: "INTEGER[][]", values: ["[[1], [], null, [2, 3]]", "[]"], said: json, read: nested, polars: true },
  { type: "INTEGER[3]", values: ["[1, 2, 3]", "[4, null, 6]"], said: json, read: nested },
  {
    type: "STRUCT(a INTEGER, b VARCHAR)",
    values: ["{'a': 1, 'b': 'x'}", "{'a': null, 'b': null}"],
    said: json,
    read: nested,
    polars: true,
  },
  {
    type: "STRUCT(a INTEGER[], s STRUCT(t VARCHAR[]))",
    values: ["{'a': [1], 's': {'t': ['x', null]}}", "{'a': [], 's': null}"],
    said: json,
    read: nested,
    polars: true,
  },
  { type: "MAP(VARCHAR, INTEGER)", values: ["map {'a': 1, 'b': null}", "map {}"], said: json, read: nested },
  {
    type: "UNION(n INTEGER, t VARCHAR)",
    values: ["union_value(n := 1)", "union_value(t := 'x')", "union_value(n := null)"],
    said: "nullif(v::varchar, 'NULL')",
  },
  {
    type: "STRUCT(e ENUM('x', 'y'))[]",
    values: ["[{'e': 'y'}, {'e': 'x'}]", "[null]"],
    said: json,
    read: nested,
  },
];

const fillings = {
  "with nulls between": "values[1 + i % len(values)] as v from range(5000)",
  "without nulls": "values[1 + i % (len(values) - 1)] as v from range(3000)",
  "of nulls alone": "values[len(values)] as v from range(2500)",
  "without rows": "values[1] as v from range(0)",
  "in chunks of odd sizes": "values[1 + i % len(values)] as v from range(9000)",
} as const;

let connection: Connection;

beforeAll(async () => {
  connection = await duckdb.open({
    spillDirectory: join(tmpdir(), `karyon-arrow-${process.pid}`),
    threads: 2,
  });
});

afterAll(() => connection.close());

for (const { type, values, said = "v::varchar", read = texts, polars: isReadByPolars = false } of cases) {
  for (const [filling, rows] of Object.entries(fillings)) {
    test(`${type} ${filling} arrives as DuckDB says it is`, async () => {
      await connection.run(
        `create or replace table t as select i, ${rows} r(i), (select [${values.map((value) => `(${value})::${type}`).join(", ")}, null] as values)`,
      );
      const where = filling === "in chunks of odd sizes" ? "where hash(i) % 3 > 0" : "";
      const expected = await connection.rows<{ said: string | null }>(
        `select ${said} as said from t ${where} order by i`,
      );
      const messages = await messagesOf(connection.stream(`select v from t ${where} order by i`));
      const wanted = expected.map((row) => row.said);
      expect(texted(read(columnOf(tableFromIPC(messages))), read)).toEqual(texted(wanted, read));
      if (!isReadByPolars || filling !== "without nulls") return;
      const [start, end] = [messages.slice(0, -1), messages.at(-1) ?? new Uint8Array()];
      const readBack = polars.readIPCStream(Buffer.concat([...start, end])).writeIPCStream();
      expect(texted(read(columnOf(tableFromIPC(readBack))), read)).toEqual(texted(wanted, read));
    });
  }
}

test("a bare NULL is a column of Arrow's null type", async () => {
  const table = tableFromIPC(
    await messagesOf(connection.stream("select null as n, 1 as one from range(3000)")),
  );
  expect([table.numRows, table.getChild("n")?.nullCount]).toEqual([3000, 3000]);
});

test("a type without a place in a table is refused by name", async () => {
  await expect(messagesOf(connection.stream("select 1::variant as v"))).rejects.toThrow(
    "type that a table cannot show: VARIANT",
  );
});

test("the engine's name of a type is told with each column", async () => {
  const table = tableFromIPC(
    await messagesOf(connection.stream("select 1::decimal(9,2) as d, [1]::int[] as l")),
  );
  expect(table.schema.fields.map((field) => field.metadata.get("karyon.type"))).toEqual([
    "DECIMAL(9,2)",
    "INTEGER[]",
  ]);
});

test("columns of one name are told apart", async () => {
  const table = tableFromIPC(await messagesOf(connection.stream("select 1 as a, 2 as a, 3 as a_1")));
  expect(table.schema.names).toEqual(["a", "a_2", "a_1"]);
});

function columnOf(table: Table): Vector {
  const column = table.getChild("v");
  if (column === null) throw new Error("no column v");
  return column;
}

/** JSON is compared by what it says; everything else letter by letter. */
function texted(values: readonly (string | null)[], read: Case["read"]): unknown[] {
  return values.map((value) => (value === null || read !== nested ? value : (JSON.parse(value) as unknown)));
}

function texts(column: Vector): (string | null)[] {
  return Array.from(column, (value: string | number | bigint | null) =>
    value === null ? null : String(value),
  );
}

function floats(column: Vector): (string | null)[] {
  return Array.from(column, (value: number | null) => {
    if (value === null) return null;
    if (Number.isNaN(value)) return "nan";
    if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
    return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
  });
}

function bytes(column: Vector): (string | null)[] {
  return Array.from(column, (value: Uint8Array | null) =>
    value === null ? null : Buffer.from(value).toString("hex"),
  );
}

/** The numbers as they lie in the buffers, which `get` would turn into milliseconds. */
function numbers(column: Vector): (string | null)[] {
  return column.data.flatMap((data: Data) =>
    Array.from({ length: data.length }, (_, i) =>
      data.getValid(i) ? String((data.values as unknown as ArrayLike<unknown>)[i]) : null,
    ),
  );
}

function intervals(column: Vector): (string | null)[] {
  return Array.from(column, (value: Int32Array | null) => {
    if (value === null) return null;
    const nanoseconds = new DataView(value.buffer, value.byteOffset + 8, 8).getBigInt64(0, true);
    return [value[0], value[1], nanoseconds].join(" ");
  });
}

function decimals(column: Vector): (string | null)[] {
  const { type } = column;
  if (!DataType.isDecimal(type)) throw new Error(`no decimal: ${String(type)}`);
  return Array.from(column, (value: Uint32Array | null) => {
    if (value === null) return null;
    let unscaled = 0n;
    for (const word of Array.from(value).toReversed()) unscaled = (unscaled << 32n) | BigInt(word);
    unscaled = BigInt.asIntN(type.bitWidth, unscaled);
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(type.scale + 1, "0");
    const whole = digits.slice(0, digits.length - type.scale);
    return `${unscaled < 0n ? "-" : ""}${whole}${type.scale > 0 ? `.${digits.slice(-type.scale)}` : ""}`;
  });
}

function nested(column: Vector): (string | null)[] {
  return Array.from(column, (value: unknown) => (value === null ? null : JSON.stringify(value)));
}
