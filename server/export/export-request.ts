import * as z from "zod";

import type { QueryItem, QueryValue } from "#protocol/messages.ts";

/** Rows of a table in a file, when nobody says otherwise. */
export const DEFAULT_ROWS = 100_000;

/** What is asked of an export, by the command line and by the page. */
export interface ExportRequest {
  /** Path of the notebook inside the notebooks folder. */
  readonly notebook: string;
  readonly partition?: string | undefined;
  /** Absolute; absent: among the exports of the workspace. */
  readonly out?: string | undefined;
  /** Names or ids of the cells to show; absent: all. */
  readonly cells?: readonly string[] | undefined;
  /** By asset; one that is not here has all of its columns. */
  readonly columns?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly rows?: number | undefined;
  readonly code?: "shown" | "folded" | "left-out" | undefined;
  /** Make what is stale or missing first. */
  readonly fresh?: boolean | undefined;
  /** Refuse to write what is not final. */
  readonly final?: boolean | undefined;
  /** A time as a person writes it: as everything stood then; absent: as it stands. */
  readonly at?: string | undefined;
  /** What the sample is called in the file; empty: it is not named. Absent: its own name. */
  readonly sample?: string | undefined;
  /** What the `${}` of live SQL stand at, by cell; a cell that is not here: where its inputs start. */
  readonly values?: Readonly<Record<string, readonly QueryValue[]>> | undefined;
  /** What inputs stand at, by cell. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

const ITEM: z.ZodType<QueryItem> = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const VALUE: z.ZodType<QueryValue> = z.union([ITEM, z.array(ITEM)]);

export const EXPORT_REQUEST: z.ZodType<ExportRequest> = z.strictObject({
  notebook: z.string(),
  partition: z.string().optional(),
  out: z.string().optional(),
  cells: z.array(z.string()).optional(),
  columns: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  rows: z.number().int().nonnegative().optional(),
  code: z.enum(["shown", "folded", "left-out"]).optional(),
  fresh: z.boolean().optional(),
  final: z.boolean().optional(),
  at: z.string().optional(),
  sample: z.string().max(200).optional(),
  values: z.record(z.string(), z.array(VALUE)).optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
});
