import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as z from "zod";

/** How a command finds the server of its workspace. */
export interface ServerFile {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

const SHAPE: z.ZodType<ServerFile> = z.object({ port: z.number(), token: z.string(), pid: z.number() });

/** Only the owner may read it: the token in it opens the workspace. */
export function writeServerFile(home: string, server: ServerFile): void {
  writeFileSync(path(home), `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

export function removeServerFile(home: string): void {
  rmSync(path(home), { force: true });
}

/** Null when no server of this workspace is alive. */
export function readServerFile(home: string): ServerFile | null {
  try {
    const server = SHAPE.parse(JSON.parse(readFileSync(path(home), "utf8")));
    process.kill(server.pid, 0);
    return server;
  } catch {
    return null;
  }
}

function path(home: string): string {
  return join(home, "server.json");
}
