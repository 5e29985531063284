import {
  Binary,
  DateDay,
  Decimal,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalMonthDayNano,
  TimeMicrosecond,
  TimeNanosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from "apache-arrow";
import type { DataType } from "apache-arrow";
import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBEnumType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  DuckDBUnionType,
} from "@duckdb/node-api";
import type { DuckDBType } from "@duckdb/node-api";

import { WorkspaceError } from "#protocol/error.ts";

import { BooleanWriter } from "./boolean.ts";
import type { ColumnWriter, DictionarySource } from "./column.ts";
import { decimal16, decimal32, decimal64, interval, unsigned128 } from "./conversions.ts";
import { EnumWriter } from "./enum.ts";
import { copied, FixedWidthWriter } from "./fixed-width.ts";
import type { Conversion } from "./fixed-width.ts";
import { ArrayWriter, ListWriter, StructWriter, UnionWriter } from "./nested.ts";
import type { Child } from "./nested.ts";
import { NullWriter } from "./nothing.ts";
import { bignum, bit, RenderedWriter, timeTz, uuid } from "./rendered.ts";
import type { Render } from "./rendered.ts";
import { Strings } from "./strings.ts";
import { PlainTextWriter, TextWriter } from "./text.ts";

/**
 * Types whose values are of one width. HUGEINT becomes Decimal128 of 38 digits, of which it keeps all
 * 128 bits: the few numbers past 38 digits are read rightly by readers that do not check.
 */
const FIXED = new Map<DuckDBTypeId, readonly [DataType, Conversion]>([
  [DuckDBTypeId.TINYINT, [new Int8(), copied(1)]],
  [DuckDBTypeId.SMALLINT, [new Int16(), copied(2)]],
  [DuckDBTypeId.INTEGER, [new Int32(), copied(4)]],
  [DuckDBTypeId.BIGINT, [new Int64(), copied(8)]],
  [DuckDBTypeId.UTINYINT, [new Uint8(), copied(1)]],
  [DuckDBTypeId.USMALLINT, [new Uint16(), copied(2)]],
  [DuckDBTypeId.UINTEGER, [new Uint32(), copied(4)]],
  [DuckDBTypeId.UBIGINT, [new Uint64(), copied(8)]],
  [DuckDBTypeId.HUGEINT, [new Decimal(0, 38), copied(16)]],
  [DuckDBTypeId.UHUGEINT, [new Decimal(0, 39, 256), unsigned128]],
  [DuckDBTypeId.FLOAT, [new Float32(), copied(4)]],
  [DuckDBTypeId.DOUBLE, [new Float64(), copied(8)]],
  [DuckDBTypeId.DATE, [new DateDay(), copied(4)]],
  [DuckDBTypeId.TIME, [new TimeMicrosecond(), copied(8)]],
  [DuckDBTypeId.TIME_NS, [new TimeNanosecond(), copied(8)]],
  [DuckDBTypeId.TIMESTAMP_S, [new TimestampSecond(), copied(8)]],
  [DuckDBTypeId.TIMESTAMP_MS, [new TimestampMillisecond(), copied(8)]],
  [DuckDBTypeId.TIMESTAMP, [new TimestampMicrosecond(), copied(8)]],
  [DuckDBTypeId.TIMESTAMP_NS, [new TimestampNanosecond(), copied(8)]],
  [DuckDBTypeId.TIMESTAMP_TZ, [new TimestampMicrosecond("UTC"), copied(8)]],
  [DuckDBTypeId.INTERVAL, [new IntervalMonthDayNano(), interval]],
]);

/** Types that Arrow has no counterpart for: sent as the text that a cast to VARCHAR gives. */
const RENDERED = new Map<DuckDBTypeId, Render>([
  [DuckDBTypeId.UUID, uuid],
  [DuckDBTypeId.TIME_TZ, timeTz],
  [DuckDBTypeId.BIT, bit],
  [DuckDBTypeId.BIGNUM, bignum],
]);

/** What the writers of one stream share. */
export class StreamColumns {
  /** All writers that own a dictionary, in the order of their ids. */
  readonly dictionaries: DictionarySource[] = [];
  /** The writers that settle their type by the first batch. */
  readonly undecided: TextWriter[] = [];
  readonly #strings = new Strings();

  /**
   * The writer of a column of a DuckDB type.
   *
   * @throws {WorkspaceError} `engine` for a type that has no place in a table, such as VARIANT
   */
  writer(type: DuckDBType, isTop = true): ColumnWriter {
    const fixed = FIXED.get(type.typeId);
    if (fixed !== undefined) return new FixedWidthWriter(...fixed);
    const render = RENDERED.get(type.typeId);
    if (render !== undefined) return new RenderedWriter(render);
    if (type instanceof DuckDBDecimalType) return decimal(type);
    if (type instanceof DuckDBEnumType)
      return this.#owner((id) => new EnumWriter(id, type.values, widthOf(type)));
    if (type instanceof DuckDBListType) return ListWriter.list(this.writer(type.valueType, false));
    if (type instanceof DuckDBArrayType)
      return new ArrayWriter(type.length, this.writer(type.valueType, false));
    if (type instanceof DuckDBMapType) {
      return ListWriter.map(this.writer(type.keyType, false), this.writer(type.valueType, false));
    }
    if (type instanceof DuckDBStructType)
      return new StructWriter(this.#children(type.entryNames, type.entryTypes));
    if (type instanceof DuckDBUnionType)
      return new UnionWriter(this.#children(type.memberTags, type.memberTypes));
    if (type.typeId === DuckDBTypeId.BOOLEAN) return new BooleanWriter();
    if (type.typeId === DuckDBTypeId.SQLNULL) return new NullWriter();
    if (type.typeId === DuckDBTypeId.VARCHAR)
      return isTop ? this.#text() : new PlainTextWriter(new Utf8(), this.#strings);
    if (type.typeId === DuckDBTypeId.BLOB || type.typeId === DuckDBTypeId.GEOMETRY) {
      return new PlainTextWriter(new Binary(), this.#strings);
    }
    throw new WorkspaceError({
      code: "engine",
      message: `type that a table cannot show: ${type.toString()}`,
      hint: "Cast the column to VARCHAR or JSON.",
    });
  }

  #text(): TextWriter {
    const writer = this.#owner((id) => new TextWriter(id, this.#strings));
    this.undecided.push(writer);
    return writer;
  }

  #owner<Writer extends DictionarySource>(make: (id: number) => Writer): Writer {
    const writer = make(this.dictionaries.length);
    this.dictionaries.push(writer);
    return writer;
  }

  /** Fields without a name, as `row(1, 2)` makes them, are named by their place from 1. */
  #children(names: readonly string[], types: readonly DuckDBType[]): Child[] {
    return types.map((type, i) => ({ name: names[i] || String(i + 1), writer: this.writer(type, false) }));
  }
}

function decimal(type: DuckDBDecimalType): ColumnWriter {
  const { width, scale } = type;
  const conversion = width <= 4 ? decimal16 : width <= 9 ? decimal32 : width <= 18 ? decimal64 : copied(16);
  return new FixedWidthWriter(new Decimal(scale, width), conversion);
}

function widthOf(type: DuckDBEnumType): 1 | 2 | 4 {
  if (type.internalTypeId === DuckDBTypeId.UTINYINT) return 1;
  return type.internalTypeId === DuckDBTypeId.USMALLINT ? 2 : 4;
}
