/** Fields of records beside a second, plain reading of the same text: every type, count and way to leave a value out. */
import fc from "fast-check";
import { expect, test } from "vitest";

import { CONTIGS, ingested } from "./vcf-case.ts";

type Value = string | number | boolean | null;
interface Declared {
  readonly id: string;
  readonly number: string;
  readonly type: "Integer" | "Float" | "String" | "Flag";
}
interface Said {
  readonly alternates: number;
  /** A record that a rule removes stands among those that are kept, and leaves nothing of its own in them. */
  readonly isKept: boolean;
  /** By their IDs, in the order in which they stand; those that are not there are left out. */
  readonly info: readonly (readonly [id: string, text: string])[];
  readonly format: readonly (readonly [id: string, text: string])[];
}

const ALTERNATES = ["G", "C", "T"];
const RECORDS = 1500;
const number = fc.constantFrom("1", "A", "R", "2", ".");
const type = fc.constantFrom<Declared["type"]>("Integer", "Float", "String");

function fields(prefix: string): fc.Arbitrary<Declared[]> {
  return fc
    .array(fc.record({ number, type }), { minLength: 1, maxLength: 7 })
    .map((some) => some.map((one, at) => ({ id: `${prefix}${at}`, ...one })));
}

const layouts = fc.record({
  info: fields("I").map((some): Declared[] => [...some, { id: "YES", number: "0", type: "Flag" }]),
  format: fields("F"),
});

const TEXTS: Readonly<Record<Exclude<Declared["type"], "Flag">, fc.Arbitrary<string>>> = {
  Integer: fc.oneof(fc.integer({ min: -(2 ** 31) + 8 }).map(String), fc.constantFrom("0", "-0", "12x", "")),
  Float: fc.oneof(
    fc.integer({ min: -9999, max: 9999 }).map((n) => String(n / 1000)),
    fc.constantFrom("1e-7", "3.5E+10", "-.5", "nan", "0.05x"),
  ),
  String: fc.stringMatching(/^[a-zé%0-9|/-]{1,30}$/),
};

function textOf({ type: of, number: count }: Declared, alternates: number): fc.Arbitrary<string> {
  if (of === "Flag") return fc.constant("");
  const one = fc.oneof({ weight: 6, arbitrary: TEXTS[of] }, fc.constant("."));
  if (count === "1") return one;
  const right = count === "A" ? alternates : count === "R" ? alternates + 1 : null;
  const lengths = fc.oneof({ weight: 5, arbitrary: fc.constant(right ?? 3) }, fc.integer({ min: 1, max: 5 }));
  const list = lengths.chain((length) => fc.array(one, { minLength: length, maxLength: length }));
  return fc.oneof({ weight: 6, arbitrary: list.map((some) => some.join(",")) }, fc.constant("."));
}

function recordsOf({ info, format }: { info: Declared[]; format: Declared[] }): fc.Arbitrary<Said> {
  const said = (some: Declared[], alternates: number): fc.Arbitrary<[string, string][]> =>
    fc
      .shuffledSubarray(some)
      .chain((chosen) =>
        fc.tuple(
          ...chosen.map((one) => textOf(one, alternates).map((text): [string, string] => [one.id, text])),
        ),
      );
  return fc
    .record({ alternates: fc.integer({ min: 1, max: 3 }), isKept: fc.boolean() })
    .chain(({ alternates, isKept }) =>
      fc.record({
        alternates: fc.constant(alternates),
        isKept: fc.constant(isKept),
        info: said(info, alternates),
        format: said(format, alternates),
      }),
    );
}

function lineOf({ alternates, isKept, info, format }: Said, at: number): string {
  const entries = info.map(([id, text]) => (id === "YES" ? id : `${id}=${text}`));
  const values = [["GT", "0/1"], ...format];
  // Values at the end may be left out, as VCF allows it.
  if (at % 2 === 0) while (values.length > 1 && values.at(-1)?.[1] === ".") values.pop();
  return [
    "1",
    at + 1,
    ".",
    "A",
    ALTERNATES.slice(0, alternates).join(","),
    isKept ? 50 : 1,
    "PASS",
    entries.length === 0 ? "." : entries.join(";"),
    ["GT", ...format.map(([id]) => id)].join(":"),
    values.map(([, text]) => text).join(":"),
  ].join("\t");
}

/** What a column holds for a text, by the docstrings of `kernel/sources/vcf/fields.ts` and VCFv4.3 §1.4.2. */
function expected(
  { number: count, type: of }: Declared,
  text: string | undefined,
  alternates: number,
): Value | Value[] {
  if (of === "Flag") return text !== undefined;
  if (text === undefined) return null;
  const one = (value: string, isElement: boolean): Value => {
    if (of === "String") return value === "." && !isElement ? null : value;
    const read = Number(value);
    if (value === "" || Number.isNaN(read)) return null;
    // Integers have no -0.
    return of === "Float" ? Math.fround(read) : read + 0;
  };
  if (count === "1") return one(text, false);
  if (text === "." || text === "") return null;
  const values = text.split(",");
  const right = count === "A" ? alternates : count === "R" ? alternates + 1 : values.length;
  return values.length === right ? values.map((value) => one(value, true)) : null;
}

const LAYOUTS = fc.sample(layouts, { numRuns: 6, seed: 7 });

test.each(LAYOUTS)("layout %# is read as a plain reading of its text has it", async (layout) => {
  const said = fc.sample(recordsOf(layout), { numRuns: RECORDS, seed: 11 });
  const meta = (column: string, some: readonly Declared[]): string[] =>
    some.map((one) => `##${column}=<ID=${one.id},Number=${one.number},Type=${one.type},Description="Any">`);
  const text = [
    "##fileformat=VCFv4.2",
    ...CONTIGS,
    ...meta("INFO", layout.info),
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    ...meta("FORMAT", layout.format),
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    ...said.map(lineOf),
  ].join("\n");
  const { rows } = await ingested(`${text}\n`, { filters: { min_qual: 10 } });
  const declared = [...layout.info, ...layout.format];
  const wanted = said.flatMap(({ alternates, isKept, info, format }, at) => {
    if (!isKept) return [];
    const texts = new Map([...info, ...format]);
    const columns = declared.map((one) => [one.id, expected(one, texts.get(one.id), alternates)]);
    return [{ start: at + 1, ...Object.fromEntries(columns) }];
  });
  const names = ["start", ...declared.map(({ id }) => id)];
  expect(rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))).toEqual(wanted);
});
