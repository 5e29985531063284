import { JSDuckDBValueConverter } from "@duckdb/node-api";
import type { DuckDBMaterializedResult, DuckDBValueConverter, JS } from "@duckdb/node-api";

/** All rows of a result as plain objects. */
export async function rowsOf<Row>(result: DuckDBMaterializedResult): Promise<Row[]> {
  return (await result.convertRowObjects(plain)) as Row[];
}

/** A value as JavaScript has it; a whole number of 64 bits or more as a number where that is exact. */
const plain: DuckDBValueConverter<JS> = (value, type, converter) => {
  const converted = JSDuckDBValueConverter(value, type, converter);
  if (typeof converted !== "bigint") return converted;
  const number = Number(converted);
  return Number.isSafeInteger(number) ? number : converted;
};
