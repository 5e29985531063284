import { expect, test } from "vitest";

import { ENSEMBL_COLUMNS } from "../../kernel/reference/columns.ts";
import { ShardSchemas } from "../../kernel/reference/shard-schemas.ts";

const OTHER: readonly {
  readonly name: string;
  readonly columns: typeof ENSEMBL_COLUMNS;
  readonly message: string | null;
}[] = [
  { name: "the same columns", columns: ENSEMBL_COLUMNS, message: null },
  { name: "in another order", columns: ENSEMBL_COLUMNS.toReversed(), message: null },
  { name: "and one more", columns: [...ENSEMBL_COLUMNS, { name: "new", type: "DOUBLE" }], message: null },
  {
    name: "without one that all need",
    columns: ENSEMBL_COLUMNS.filter(({ name }) => name !== "alt"),
    message: "b.parquet has no column alt",
  },
  {
    name: "without one that the first has",
    columns: ENSEMBL_COLUMNS.filter(({ name }) => name !== "maf"),
    message: "b.parquet has no column maf, which a.parquet has",
  },
  {
    name: "positions as text",
    columns: retyped("start", "VARCHAR"),
    message: "start in b.parquet is not a whole number: VARCHAR",
  },
  {
    name: "a column in another type",
    columns: retyped("mac", "FLOAT"),
    message: "mac is FLOAT in b.parquet, and INTEGER in a.parquet",
  },
];

function retyped(name: string, type: string): typeof ENSEMBL_COLUMNS {
  return ENSEMBL_COLUMNS.map((column) => (column.name === name ? { name, type } : column));
}

test.each(OTHER)("a second shard with $name: $message", ({ columns, message }) => {
  const schemas = new ShardSchemas();
  schemas.add("a.parquet", ENSEMBL_COLUMNS);
  if (message === null) schemas.add("b.parquet", columns);
  else expect(() => schemas.add("b.parquet", columns)).toThrow(message);
});
