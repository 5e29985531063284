/** A value of a table as the text that stands in its cell. Always text, never markup. */
import { count, signed } from "#protocol/numerals.ts";
import { percentDecoded } from "#protocol/percent-encoding.ts";

import { decimal } from "../words/numbers.ts";
import { timeText } from "../words/times.ts";
import { exact, plainOf } from "./copy.ts";

const NULL_TEXT = "–";
/** A cell shows no more of a value than this many characters. */
const LONGEST = 300;
/** One allele of a genotype: bases, a deletion's `*`, a symbol, a missing one. */
const ALLELE = /^(?:[ACGTUNacgtun]+|\*|\.|-|<[^<>]*>)$/;
/** Would reorder the text around it. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069\u200E\u200F]/g;

/** What a column's cells are, as far as it changes how they read. `encoded`: percent-encoded text of a VCF. */
export type CellKind = "integer" | "decimal" | "weight" | "text" | "encoded" | "date";

export function cellText(value: unknown, kind: CellKind): string {
  if (value === null || value === undefined) return NULL_TEXT;
  if (typeof value === "bigint") return count(value);
  if (typeof value === "number") return numberText(value, kind);
  if (typeof value === "string") return cut(kind === "encoded" ? percentDecoded(value) : value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `${count(value.byteLength)} bytes`;
  const plain = plainOf(value);
  if (Array.isArray(plain)) return listText(plain, kind === "date" || kind === "encoded" ? kind : "text");
  return cut(exact(plain));
}

/** A list of alleles as a genotype, `A/G`; any other list with commas. */
function listText(items: readonly unknown[], kind: CellKind): string {
  const alleles = items.length > 0 && items.every((item) => typeof item === "string" && ALLELE.test(item));
  if (alleles) return cut(items.join("/"));
  return cut(items.map((item) => cellText(item, kind)).join(", "));
}

function numberText(value: number, kind: CellKind): string {
  switch (kind) {
    case "weight":
      return signed(value);
    case "date":
      return timeText(value).replace("T00:00:00.000Z", "");
    case "integer":
      return Number.isFinite(value) ? count(value) : decimal(value);
    case "decimal":
    case "text":
    case "encoded":
      return decimal(value);
  }
}

function cut(text: string): string {
  const safe = text.replace(BIDI_CONTROLS, "\uFFFD");
  return safe.length <= LONGEST ? safe : `${safe.slice(0, LONGEST)}…`;
}
