import { quoteText } from "../../engines/engine.ts";
import type { Field, Layout } from "./fields.ts";

/**
 * SQL of one FORMAT value of the sample as text; null where the record does not have it. Reads the columns `f`
 * (values), `form` (number of the usual FORMAT text, −1 for another) and `form_ids` (IDs of another).
 *
 * Null when the file cannot have the field: it is neither declared nor used.
 */
export function sampleValue(id: string, layout: Layout): string | null {
  if (layout.format.every((field) => field.id !== id)) return null;
  const cases = layout.formats.map((ids, index) => {
    const place = ids.indexOf(id);
    return `WHEN ${index} THEN ${place < 0 ? "NULL" : `f[${place + 1}]`}`;
  });
  const other = `f[list_position(form_ids, ${quoteText(id)})]`;
  return cases.length === 0 ? other : `CASE form ${cases.join(" ")} ELSE ${other} END`;
}

/**
 * SQL of one INFO column. Reads `info_text` (`;` on both sides) and `info_list` (the entries; null for `.`). The
 * usual places are tried before the search: entries mostly stand in one order, and a search reads the whole text.
 */
export function infoColumn(field: Field): string {
  if (field.type === "BOOLEAN") {
    const entry = quoteText(`;${field.id};`);
    const withValue = quoteText(`;${field.id}=`);
    return `CASE WHEN info_list IS NULL THEN false ELSE contains(info_text, ${entry}) OR contains(info_text, ${withValue}) END`;
  }
  const start = quoteText(`${field.id}=`);
  const from = field.id.length + 2;
  const places = field.places.map(
    (place) => `WHEN starts_with(info_list[${place}], ${start}) THEN substr(info_list[${place}], ${from})`,
  );
  const anywhere = quoteText(`;${field.id}=`);
  const search = `WHEN contains(info_text, ${anywhere}) THEN split_part(substr(info_text, strpos(info_text, ${anywhere}) + ${from}), ';', 1)`;
  return typed(field, `CASE WHEN info_list IS NULL THEN NULL ${[...places, search].join(" ")} END`);
}

/** SQL of a value in the type of its column; `.`, and what does not fit the type, is null. */
export function typed({ type, list }: Pick<Field, "type" | "list">, text: string, verbatim = false): string {
  if (list) {
    const parts = `string_split(${text}, ',')`;
    const value = type === "VARCHAR" ? parts : `try_cast(${parts} AS ${type}[])`;
    return `CASE WHEN ${text} IN ('.', '') THEN NULL ELSE ${value} END`;
  }
  if (type !== "VARCHAR") return `try_cast(${text} AS ${type})`;
  return verbatim ? text : `nullif(${text}, '.')`;
}
