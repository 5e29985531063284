import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";

/**
 * Stores a file whole or not at all: `write` fills a new file beside the final one, which then takes its
 * place in one rename. What `write` returns is returned; when it fails, nothing is left.
 *
 * @throws {WorkspaceError} `usage` when no file can be made there
 */
export async function storeWhole<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await openNew(temporary, path);
  try {
    const result = await closing(file, write);
    await rename(temporary, path);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function closing<T>(file: FileHandle, write: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await write(file);
  } finally {
    await file.close();
  }
}

async function openNew(temporary: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(temporary, "wx");
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const hint = "Name a file in a folder that can be written to.";
    throw new WorkspaceError(
      { code: "usage", message: `cannot be written: ${path}`, hint, detail },
      { cause },
    );
  }
}
