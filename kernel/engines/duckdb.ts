import { mkdir } from "node:fs/promises";

import { DuckDBInstance, version } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";

import { WorkspaceError } from "#protocol/error.ts";

import { scalarFunction } from "./chunk-function.ts";
import type { BatchStream, ChunkFunction, Connection, Engine, EngineOptions, Value } from "./engine.ts";

export const duckdb: Engine = {
  name: "duckdb",
  version: version().replace(/^v/, ""),
  async open(options) {
    await mkdir(options.spillDirectory, { recursive: true, mode: 0o700 });
    const instance = await DuckDBInstance.create(":memory:", settings(options));
    return new DuckConnection(await instance.connect());
  },
};

function settings(options: EngineOptions): Record<string, string> {
  return {
    temp_directory: options.spillDirectory,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryBytes === undefined ? {} : { memory_limit: `${options.memoryBytes}B` }),
  };
}

class DuckConnection implements Connection {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  async run(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<void> {
    await this.#guard(signal, () => this.#connection.run(sql, parameters as DuckDBValue[]));
  }

  async rows<Row>(sql: string, parameters: readonly Value[] = [], signal?: AbortSignal): Promise<Row[]> {
    const reader = await this.#guard(signal, () =>
      this.#connection.runAndReadAll(sql, parameters as DuckDBValue[]),
    );
    return reader.getRowObjectsJS() as Row[];
  }

  stream(_sql: string, _parameters: readonly Value[] = [], _signal?: AbortSignal): BatchStream {
    throw new WorkspaceError({ code: "internal", message: "not written yet" });
  }

  progress(): number | null {
    const { percentage } = this.#connection.progress;
    return percentage < 0 ? null : percentage / 100;
  }

  define(fn: ChunkFunction): void {
    this.#connection.registerScalarFunction(scalarFunction(fn));
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #guard<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const interrupt = (): void => this.#connection.interrupt();
    signal?.addEventListener("abort", interrupt);
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const detail = error instanceof Error ? error.message : String(error);
      const message = detail.split("\n")[0] ?? detail;
      throw new WorkspaceError({ code: "engine", message, detail }, { cause: error });
    } finally {
      signal?.removeEventListener("abort", interrupt);
    }
  }
}
