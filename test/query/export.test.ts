import { parse } from "csv-parse/sync";
import { tableFromIPC } from "apache-arrow";
import { expect, test } from "vitest";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { bench, never, rowsOf, textOf } from "./support.ts";
import type { Bench } from "./support.ts";

const ODD = [
  "=cmd|' /C calc'!A0",
  "+1",
  "-1",
  "@SUM(A1)",
  "\tx",
  "\rx",
  'say "no", twice',
  "two\r\nlines",
  "",
  "αβγ🧬",
  "a\tb",
  "plain",
  '="a,b"',
];

async function odd(one: Bench): Promise<string> {
  const values = ODD.map((text, i) => `(${i}, '${text.replaceAll("'", "''")}')`).join(", ");
  return one.store(
    "odd.parquet",
    `select n, text, -1.5::double as weight, ['A', 'G'] as genotype, null::integer as "=nothing", [1, 2] as reads
    from (values ${values}, (99, null)) t(n, text) order by n`,
  );
}

async function lines(one: Bench, format: "csv" | "tsv"): Promise<string[][]> {
  const text = await textOf(one.interactive.export({ path: await odd(one) }, format, never));
  const delimiter = format === "csv" ? "," : "\t";
  return parse(text, { delimiter, record_delimiter: format === "csv" ? "\r\n" : "\n" });
}

test.each(["csv", "tsv"] as const)(
  "%s holds every value, and no text that a spreadsheet would run",
  async (format) => {
    const one = await bench();
    const [header, ...rows] = await lines(one, format);
    expect(header).toEqual(["n", "text", "weight", "genotype", "'=nothing", "reads"]);
    expect(rows.map((row) => row[1])).toEqual([
      ...ODD.map((text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)),
      "",
    ]);
    expect(rows[0]?.slice(2)).toEqual(["-1.5", "A/G", "", "[1, 2]"]);
  },
);

test("null and an empty text differ in CSV, and every line ends as RFC 4180 says", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select unnest(['', null, 'a']) as x, 1 as y");
  expect(await textOf(one.interactive.export({ path }, "csv", never))).toBe('x,y\r\n"",1\r\n,1\r\na,1\r\n');
});

test("a large table comes in many pieces", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select n, 'rs' || n as rsid from range(100000) t(n)");
  let pieces = 0;
  let bytes = "";
  for await (const piece of one.interactive.export({ path }, "csv", never)) {
    pieces++;
    bytes += Buffer.from(piece).toString();
  }
  expect(pieces).toBeGreaterThan(5);
  expect(bytes.split("\r\n")).toHaveLength(100_002);
  expect(bytes.endsWith("99999,rs99999\r\n")).toBe(true);
});

test.each(["csv", "tsv", "parquet", "arrow"] as const)(
  "of a view that does not fit the table, %s has no byte",
  async (format) => {
    const one = await bench();
    const path = await one.store("t.parquet", "select 1 as n");
    const view = { filters: [{ column: "gone", is: "null" }] } as const;
    const bytes = one.interactive.export({ path, view }, format, never)[Symbol.asyncIterator]();
    await expect(bytes.next()).rejects.toThrow("column not found: gone");
  },
);

test("a view is exported in its order, in every format", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select n::integer as n from range(10) t(n)");
  const table = {
    path,
    view: {
      sort: [{ column: "n", descending: true }],
      filters: [{ column: "n", is: "between", least: null, most: 3 }],
    },
  } as const;
  expect(await textOf(one.interactive.export(table, "tsv", never))).toBe("n\n3\n2\n1\n0\n");
  const arrow = await rowsOf(one.interactive.export(table, "arrow", never));
  expect(arrow).toEqual([{ n: 3 }, { n: 2 }, { n: 1 }, { n: 0 }]);
  const parts: Uint8Array[] = [];
  for await (const part of one.interactive.export(table, "parquet", never)) parts.push(part);
  const copy = await one.store("unused.parquet", "select 1");
  const { writeFile, rm } = await import("node:fs/promises");
  await rm(copy, { force: true });
  await writeFile(copy, Buffer.concat(parts));
  const connection = await duckdb.open({ spillDirectory: one.settings.spill });
  expect(await connection.rows(`select n from '${copy}'`)).toEqual([{ n: 3 }, { n: 2 }, { n: 1 }, { n: 0 }]);
  connection.close();
});

test("without a view, Parquet is the stored file and Arrow is all its rows", async () => {
  const one = await bench();
  const path = await one.store("t.parquet", "select n from range(50000) t(n)");
  const { readFile } = await import("node:fs/promises");
  const gather = async (format: "parquet" | "arrow"): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of one.interactive.export({ path }, format, never)) parts.push(part);
    return Buffer.concat(parts);
  };
  expect(await gather("parquet")).toEqual(await readFile(path));
  expect(tableFromIPC(await gather("arrow")).numRows).toBe(50_000);
});
