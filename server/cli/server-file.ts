import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";

import * as z from "zod";

/** How a command finds the server of its workspace. */
export interface ServerFile {
  readonly port: number;
  readonly token: string;
  readonly pid: number;
}

/** It answers within milliseconds: whoever says nothing for so long, such as a tunnel that took its port, is another. */
const ANSWER_MS = 10_000;
const SHAPE: z.ZodType<ServerFile> = z.object({ port: z.number(), token: z.string(), pid: z.number() });

/** Only the owner may read it: the token in it opens the workspace. */
export function writeServerFile(home: string, server: ServerFile): void {
  writeFileSync(path(home), `${JSON.stringify(server)}\n`, { mode: 0o600 });
}

export function removeServerFile(home: string): void {
  rmSync(path(home), { force: true });
}

/** The server that serves this workspace now; null when none does. */
export async function runningServer(
  home: string,
  patienceMs: number = ANSWER_MS,
): Promise<ServerFile | null> {
  const server = lastServer(home);
  if (server === null) return null;
  // Asked, not looked for: the number of a process that was killed may be another's by now, such as after a reboot.
  return (await answers(server, patienceMs)) ? server : null;
}

/**
 * Whether a server says that it is there. Not `fetch`: that of Node 20 never settles when who has the port closes the
 * connection at once.
 */
export async function answers(server: ServerFile, patienceMs: number = ANSWER_MS): Promise<boolean> {
  // A port or a token that cannot be is nobody's.
  return ask(server, patienceMs).catch(() => false);
}

function ask({ port, token }: ServerFile, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    get({
      host: "127.0.0.1",
      port,
      path: "/api/health",
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(patienceMs),
    })
      .on("response", (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .on("error", () => resolve(false));
  });
}

/** The server that served this workspace last, when it is running or was killed; one that was stopped is forgotten. */
export function lastServer(home: string): ServerFile | null {
  try {
    return SHAPE.parse(JSON.parse(readFileSync(path(home), "utf8")));
  } catch {
    return null;
  }
}

function path(home: string): string {
  return join(home, "server.json");
}
