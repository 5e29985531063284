import { DuckDBScalarFunction, INTEGER, VARCHAR } from "@duckdb/node-api";
import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";

import type { ChunkFunction, FunctionChunk } from "./engine.ts";

/** A {@link ChunkFunction} as DuckDB takes it: volatile, so that it is called once for each row. */
export function scalarFunction(fn: ChunkFunction): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name: fn.name,
    returnType: INTEGER,
    parameterTypes: fn.parameters.map((type) => (type === "INTEGER" ? INTEGER : VARCHAR)),
    volatile: true,
    mainFunction: (info, input, output) => {
      // An exception that left this callback would end the process.
      try {
        fn.compute(new Chunk(input), integersOf(output));
        output.flush();
      } catch (error) {
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

class Chunk implements FunctionChunk {
  readonly rows: number;
  readonly #chunk: DuckDBDataChunk;

  constructor(chunk: DuckDBDataChunk) {
    this.rows = chunk.rowCount;
    this.#chunk = chunk;
  }

  integers(argument: number): Int32Array {
    return integersOf(this.#chunk.getColumnVector(argument));
  }

  text(argument: number, row: number): string | null {
    const value = this.#chunk.getColumnVector(argument).getItem(row);
    return typeof value === "string" ? value : null;
  }
}

/**
 * The elements behind an INTEGER vector. Its `items` is private to TypeScript alone; the public `getItem` and
 * `setItem` cost five times as much, which tells at millions of rows.
 */
function integersOf(vector: DuckDBVector): Int32Array {
  const { items } = vector as unknown as { readonly items: unknown };
  if (items instanceof Int32Array) return items;
  throw new Error(`not an INTEGER vector: ${vector.type.toString()}`);
}
