import { DataType, RecordBatchReader } from "apache-arrow";
import type { Data, Utf8 } from "apache-arrow";

import { quoteName, quoteText } from "../engines/engine.ts";
import { isNumeric, isTextList } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

export interface Dialect {
  readonly separator: string;
  readonly lineEnd: string;
}

/** RFC 4180. */
export const CSV: Dialect = { separator: ",", lineEnd: "\r\n" };
/** Quoted as CSV is, which is how spreadsheets write it. */
export const TSV: Dialect = { separator: "\t", lineEnd: "\n" };

/** What a spreadsheet takes for a formula; it runs some of them. */
const FORMULA = "'=', '+', '-', '@', chr(9), chr(13)";

/** The line of column names. */
export function headerLine(columns: readonly TableColumn[], { separator, lineEnd }: Dialect): string {
  return columns.map(({ name }) => quoted(harmless(name), separator)).join(separator) + lineEnd;
}

/**
 * A SELECT list of one text column: each row as its line. Null is nothing, an empty text `""`. A text that starts
 * as a formula does gets an apostrophe before it; numbers stay what they are.
 */
export function lineSql(columns: readonly TableColumn[], { separator, lineEnd }: Dialect): string {
  const fields = columns.map((column) => {
    const name = quoteName(column.name);
    if (isNumeric(column) || column.type === "BOOLEAN") return `coalesce(${name}::varchar, '')`;
    const text = isTextList(column) ? `array_to_string(${name}, '/')` : `${name}::varchar`;
    // Looking for characters is several times cheaper than a regular expression for each cell.
    const safe = `case when left(${text}, 1) in (${FORMULA}) then '''' || ${text} else ${text} end`;
    const special = [quoteText(separator), `'"'`, "chr(10)", "chr(13)"].map(
      (character) => `contains(${text}, ${character})`,
    );
    return (
      `coalesce(case when ${special.join(" or ")} or ${text} = '' ` +
      `then '"' || replace(${safe}, '"', '""') || '"' else ${safe} end, '')`
    );
  });
  const parts = fields.flatMap((field, i) => (i === 0 ? [field] : [quoteText(separator), field]));
  return `concat(${[...parts, quoteText(lineEnd)].join(", ")}) as line`;
}

/** The bytes of a result of one text column, without what is between its rows in Arrow. */
export async function* textBytes(messages: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = await RecordBatchReader.from(messages);
  for await (const batch of reader) {
    const [column] = batch.data.children;
    if (batch.numRows === 0 || column === undefined) continue;
    if (DataType.isUtf8(column.type)) {
      // The texts of a column lie one after the other: they are the bytes that are wanted.
      const { valueOffsets, values, length } = column as Data<Utf8>;
      yield values.subarray(valueOffsets[0], valueOffsets[length]);
    } else {
      const lines: string[] = [];
      for (const line of batch.getChildAt(0) ?? []) lines.push(line as string);
      yield Buffer.from(lines.join(""));
    }
  }
}

function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string, separator: string): string {
  const isSpecial = text === "" || text.includes(separator) || /["\r\n]/.test(text);
  return isSpecial ? `"${text.replaceAll('"', '""')}"` : text;
}
