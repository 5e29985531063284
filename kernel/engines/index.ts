import { duckdb } from "./duckdb.ts";
import type { Engine } from "./engine.ts";
import { polars } from "./polars.ts";

/** Every engine there is; the first is the one that a cell runs on when it names none. */
export const engines: readonly Engine[] = [duckdb, polars];
