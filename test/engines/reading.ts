import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tableFromIPC } from "apache-arrow";
import type { Table } from "apache-arrow";
import { onTestFinished } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";

import type { BatchStream, Connection, Engine, EngineOptions } from "../../kernel/engines/engine.ts";

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "karyon-engines-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A connection that is closed with the test. */
export async function opened(engine: Engine, options: Partial<EngineOptions> = {}): Promise<Connection> {
  const connection = await engine.open({
    threads: 2,
    memoryBytes: 2 ** 30,
    spillDirectory: join(await folder(), "spill"),
    ...options,
  });
  onTestFinished(() => connection.close());
  return connection;
}

export async function messagesOf(stream: BatchStream): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  for await (const message of stream.messages) messages.push(message);
  return messages;
}

export async function tableOf(stream: BatchStream): Promise<Table> {
  return tableFromIPC(await messagesOf(stream));
}

/** What work that fails fails with; undefined when it does not. */
export async function errorOf(work: Promise<unknown>): Promise<WorkspaceError["info"] | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as WorkspaceError).info,
  );
}

/** Takes more memory than the tests of spilling give. */
export const LARGE_SORT =
  "select max(r) as n from (select row_number() over (order by hash(i)) as r from range(12000000) t(i))";
