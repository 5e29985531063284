import type { DataType, Field } from "apache-arrow";
import { Type } from "apache-arrow";

import { count, counted } from "#protocol/numerals.ts";
import type { ColumnFacts, ColumnOrigin } from "#protocol/record.ts";

import { textWidth } from "../words/text-width.ts";
import type { CellKind } from "./cell-text.ts";
import { cellText } from "./cell-text.ts";
import { shareWords } from "./stored-summary.ts";

/** A column of a shown table. */
export interface Column {
  readonly name: string;
  /** As people say it: `text`, `integer`, `list of text`. */
  readonly type: string;
  readonly kind: CellKind;
  /** Whether its cells stand at the right. */
  readonly numeric: boolean;
  /** Whether its cells are identifiers or sequences, set in the code face. */
  readonly mono: boolean;
  /** The largest absolute value, for the bars of a weight; null for other columns. */
  readonly scale: number | null;
  /** What the pass that wrote it found; null when unknown. */
  readonly facts: ColumnFacts | null;
  /** Pixels. */
  readonly width: number;
}

/** What the first rows of a column look like. */
export interface ColumnSample {
  /** Its longest cell. */
  readonly longest: string;
  /** The largest absolute value; 0 when none is a number. */
  readonly largest: number;
}

/** As `grid.css` and `grid-header.css` set the cells and the lines of a head. */
const FONT_PX = { cell: 13, name: 12, type: 11, range: 10.5 };
/** A letter of the code face in a cell. */
const MONO_PX = 7.2;
/** What the menu beside a column's name takes, and the mark of one that sorts. */
const MENU_PX = 28;
const PADDING_PX = 20;
const LEAST_PX = 68;
const MOST_PX = 300;
/** What is known of the values makes a column no wider than this: it is cut, and whole in the panel. */
const MOST_KNOWN_PX = 150;
const WEIGHT_PX = 150;

export function columnsOf(
  fields: readonly Field[],
  facts: readonly ColumnFacts[],
  samples: readonly ColumnSample[],
): Column[] {
  return fields.map((field, index) => {
    const known = facts.find((one) => one.name === field.name) ?? null;
    const type = plainType(field.type);
    const weight = isWeight(field.name, type);
    const kind = weight ? "weight" : known?.encoded === true ? "encoded" : kindOf(type);
    const column = {
      name: field.name,
      type: typeWords(type),
      kind,
      numeric: isNumber(type),
      mono: isSequence(field.name, type),
      scale: weight ? scaleOf(known, samples[index]) : null,
      facts: known,
    };
    const values = [samples[index]?.longest ?? "", ...endTexts(known, kind)];
    const least = weight ? WEIGHT_PX : LEAST_PX;
    const width = Math.max(headPx(column), ...values.map((text) => textPx(text, column.mono)));
    return { ...column, width: Math.round(Math.min(MOST_PX, Math.max(least, width))) };
  });
}

/** The columns of a table under a view: as wide as it has them, so that none moves, but for a number that would be cut. */
export function asWideAs(standing: readonly Column[], columns: readonly Column[]): readonly Column[] {
  return columns.map((column, at) => {
    const before = standing[at];
    if (before?.name !== column.name) return column;
    return { ...column, width: column.numeric ? Math.max(before.width, column.width) : before.width };
  });
}

/** Width of a cell with that text. */
export function textPx(text: string, mono: boolean): number {
  return (mono ? text.length * MONO_PX : textWidth(text, FONT_PX.cell)) + PADDING_PX;
}

/** The line below the name of a column. */
export function typeLine({ type, facts }: Pick<Column, "type" | "facts">): string {
  return facts?.nulls ? `${type} · ${short(facts.nulls)} missing` : type;
}

function headPx(column: Omit<Column, "width">): number {
  const top = column.facts?.shape?.top[0];
  const known =
    top === undefined ? columnRange(column) : `≈ ${shareWords(top, column.facts?.shape?.rows ?? 0)}`;
  return (
    PADDING_PX +
    Math.max(
      textWidth(column.name, FONT_PX.name) + MENU_PX,
      textWidth(typeLine(column), FONT_PX.type),
      Math.min(MOST_KNOWN_PX, textWidth(known, FONT_PX.range)),
    )
  );
}

/** The smallest and the largest value, as a cell writes them: a number is never cut. */
function endTexts(facts: ColumnFacts | null, kind: CellKind): string[] {
  if (kind !== "integer" && kind !== "decimal") return [];
  return [facts?.min, facts?.max].map((text) => {
    const value = Number(text ?? Number.NaN);
    return Number.isFinite(value) ? cellText(value, kind) : "";
  });
}

/** Of other columns more than these are counted. */
const MOST_SOURCES = 6;

/** `Copied from user_hits.weight.` */
export function originWords({ how, of }: ColumnOrigin): string {
  if (of.length === 0) return how === "aggregated" ? "Counts rows." : "Made from no other column.";
  const names = of.slice(0, MOST_SOURCES).map(({ asset, column }) => `${asset}.${column}`);
  const more = of.length - names.length;
  const sources = more > 0 ? [...names, counted(more, "other column")] : names;
  return `${how[0]?.toUpperCase() ?? ""}${how.slice(1)} from ${sources.join(", ")}.`;
}

/** What a header's tooltip says of a column. */
export function columnFactsWords(column: Column): string {
  const { facts } = column;
  const words = [`${column.name}: ${column.type}`];
  if (facts === null) return words.join("");
  if (facts.min !== null && facts.max !== null)
    words.push(`${facts.min || "(empty)"} … ${facts.max || "(empty)"}`);
  if (facts.approxDistinct !== null) words.push(`≈ ${count(facts.approxDistinct)} distinct`);
  if (facts.nulls !== null) words.push(facts.nulls === 0 ? "none missing" : `${count(facts.nulls)} missing`);
  return words.join(" · ");
}

/** The smallest and the largest value of numbers, how many there are of others; empty when unknown. */
export function columnRange({ facts, numeric }: Pick<Column, "facts" | "numeric">): string {
  if (facts === null) return "";
  const [least, most] = [facts.min, facts.max];
  if (numeric && least !== null && most !== null) {
    const [first, last] = [least, most].map((text) => short(Number(text)));
    return first === last ? `${first}` : `${first} … ${last}`;
  }
  if (facts.approxDistinct === null) return "";
  return facts.approxDistinct === 1 ? "1 kind" : `≈ ${short(facts.approxDistinct)} kinds`;
}

const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** Three digits and a unit: `248M`. The tooltip has the whole number. */
function short(value: number): string {
  return SHORT.format(value).replace("-", "\u2212");
}

/** A dictionary is how text travels, not what it is. */
function plainType(type: DataType): DataType {
  return type.typeId === Type.Dictionary
    ? plainType((type as DataType & { dictionary: DataType }).dictionary)
    : type;
}

/** Types by what their numbers mean; the others are named by Arrow. */
const TYPE_WORDS: ReadonlyMap<Type, string> = new Map([
  [Type.Utf8, "text"],
  [Type.LargeUtf8, "text"],
  [Type.Int, "integer"],
  [Type.Float, "number"],
  [Type.Decimal, "number"],
  [Type.Bool, "true/false"],
  [Type.Date, "date"],
  [Type.Timestamp, "time"],
  [Type.Time, "time of day"],
  [Type.Struct, "structure"],
  [Type.Binary, "bytes"],
]);

/** Polars sends lists with places of 64 bits. */
const LISTS: ReadonlySet<Type> = new Set([Type.List, Type.LargeList, Type.FixedSizeList]);

const KINDS: ReadonlyMap<Type, CellKind> = new Map([
  [Type.Int, "integer"],
  [Type.Float, "decimal"],
  [Type.Decimal, "decimal"],
  [Type.Date, "date"],
  [Type.Timestamp, "date"],
]);

/** A type as people say it. */
export function typeWords(of: DataType): string {
  const type = plainType(of);
  if (!LISTS.has(type.typeId)) return TYPE_WORDS.get(type.typeId) ?? Type[type.typeId].toLowerCase();
  const inner = innerType(type);
  return inner === null ? "list" : `list of ${typeWords(inner)}`;
}

/** Of a list of dates, that of a date: a number in it is a time. */
function kindOf(type: DataType): CellKind {
  const inner = LISTS.has(type.typeId) ? innerType(type) : null;
  if (inner !== null) return kindOf(inner) === "date" ? "date" : "text";
  return KINDS.get(type.typeId) ?? "text";
}

/** Null for a list that says nothing of its items. */
function innerType(type: DataType): DataType | null {
  const inner = type.children?.[0] as Field | undefined;
  return inner === undefined ? null : plainType(inner.type);
}

function isNumber(type: DataType): boolean {
  return type.typeId === Type.Int || type.typeId === Type.Float || type.typeId === Type.Decimal;
}

function isWeight(name: string, type: DataType): boolean {
  return isNumber(type) && /(?:^|_)weight$/.test(name);
}

/** Names under which identifiers and bases are written. */
function isSequence(name: string, type: DataType): boolean {
  return (
    !isNumber(type) &&
    /^(?:rsid|id|ref|alt|genotype|gt|alleles?|contig|chrom|variant)$|_(?:rsid|ref|alt|genotype|alleles|id)$/i.test(
      name,
    )
  );
}

/** By the statistics of the whole column, or by the rows that are here. */
function scaleOf(facts: ColumnFacts | null, sample: ColumnSample | undefined): number | null {
  const ends = [facts?.min, facts?.max].map((text) => Math.abs(Number(text ?? Number.NaN)));
  const whole = Math.max(...ends);
  const most = Number.isFinite(whole) ? whole : (sample?.largest ?? 0);
  return most > 0 ? most : null;
}
