import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import { onTestFinished } from "vitest";

import type { KernelSettings } from "#protocol/kernel-messages.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { Interactive } from "../../kernel/query/interactive.ts";

export const never: AbortSignal = new AbortController().signal;

export interface Bench {
  readonly root: string;
  readonly settings: KernelSettings;
  readonly interactive: Interactive;
  /** Stores the rows of a query as an object and gives its path. */
  readonly store: (name: string, sql: string) => Promise<string>;
}

/** A kernel's view on a workspace of this test alone, over the real engine. */
export async function bench(): Promise<Bench> {
  const root = await mkdtemp(join(tmpdir(), "karyon-query-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const settings: KernelSettings = {
    software: "karyon test",
    build: null,
    notebooks: join(root, "notebooks"),
    objects: join(root, "objects"),
    spill: join(root, "spill"),
    cache: join(root, "cache"),
    memoryBytes: 2 ** 29,
    capBytes: null,
    threads: 2,
  };
  await mkdir(settings.objects);
  return {
    root,
    settings,
    interactive: new Interactive(settings),
    async store(name, sql) {
      const path = join(settings.objects, name);
      const connection = await duckdb.open({ spillDirectory: settings.spill, threads: 2 });
      await connection.sink(sql, path);
      connection.close();
      return path;
    },
  };
}

/** Rows of an Arrow stream as plain objects. */
export async function rowsOf(messages: AsyncIterable<Uint8Array>): Promise<Record<string, unknown>[]> {
  const parts: Uint8Array[] = [];
  for await (const message of messages) parts.push(message);
  return tableFromIPC(parts)
    .toArray()
    .map((row) => (row as { toJSON(): Record<string, unknown> }).toJSON());
}

/** The text of a stream of bytes. */
export async function textOf(messages: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const message of messages) parts.push(message);
  return Buffer.concat(parts).toString("utf8");
}
