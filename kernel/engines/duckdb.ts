import { rm } from "node:fs/promises";

import { DuckDBInstance, version } from "@duckdb/node-api";

import { sweepTemporary, temporaryDirectory } from "../temporary-directory.ts";
import { DuckConnection } from "./duckdb/connection.ts";
import { Database } from "./duckdb/database.ts";
import { quoteText } from "./engine.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { machineLimits } from "./limits.ts";
import { literalPath } from "./parquet-rows.ts";

/** DuckDB in this process, on a database in memory: tables stay in their Parquet files and are read as views. */
export const duckdb: Engine = {
  name: "duckdb",
  version: version().replace(/^v/, ""),
  // Threads of one database wait for one another more than databases of one thread do.
  sideBySide: (threads) => threads,
  async open(options) {
    // DuckDB names its files the same in every process, and lets the SQL of a database read its own.
    const directory = await temporaryDirectory(options.spillDirectory, "duckdb");
    try {
      await sweepTemporary(options.spillDirectory);
      const instance = await DuckDBInstance.create(":memory:", settings(options, directory));
      const connection = await instance.connect();
      // What a query gives does not hang on where the machine stands.
      await connection.run("set global TimeZone = 'UTC'");
      for (const statement of restrictions(options)) await connection.run(statement);
      return new DuckConnection(new Database(instance, directory), connection);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  },
};

function settings(options: EngineOptions, directory: string): Record<string, string> {
  const limits = machineLimits();
  return {
    temp_directory: directory,
    memory_limit: `${options.memoryBytes ?? limits.memoryBytes}B`,
    threads: String(options.threads ?? limits.threads),
    preserve_insertion_order: String(options.preserveOrder ?? true),
    // Nothing is fetched behind the person's back.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
  };
}

/** Shuts the files that were not named out. The order matters: each of these forbids the ones before it. */
function restrictions({ allowedDirectories, allowedPaths }: EngineOptions): string[] {
  if (allowedDirectories === undefined && allowedPaths === undefined) return [];
  return [
    // Each stream sets it for itself; it reaches no file.
    "set allowed_configs = ['streaming_buffer_size']",
    `set allowed_directories = ${list(allowedDirectories ?? [])}`,
    `set allowed_paths = ${list(allowedPaths ?? [])}`,
    "set enable_external_access = false",
    "set lock_configuration = true",
  ];
}

/** Each path as it is written to, and as it is read. */
function list(paths: readonly string[]): string {
  return `[${[...new Set([...paths, ...paths.map(literalPath)])].map(quoteText).join(", ")}]`;
}
