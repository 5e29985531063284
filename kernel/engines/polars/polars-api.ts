import type { LazyDataFrame, pl } from "nodejs-polars";

/** The package, which is loaded when the engine is first opened: it brings a hundred megabytes. */
export type Polars = typeof pl;
export type Tables = ReturnType<Polars["SQLContext"]>;

/**
 * The frame of one statement. The binding does not throw an error of the planner but hands it over in
 * place of the frame it wraps.
 */
export function planned(tables: Tables, sql: string): LazyDataFrame {
  const frame: LazyDataFrame = tables.execute(sql);
  const inner: unknown = Object.entries(frame).find(([name]) => name === "_ldf")?.[1];
  if (inner instanceof Error) throw inner;
  return frame;
}
