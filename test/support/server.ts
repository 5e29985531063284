import type { ChildProcess } from "node:child_process";

import { onTestFinished } from "vitest";

import { endOf, startKaryon } from "./karyon.ts";

/** Starts a server over a workspace, which ends with the test; `addressOf` tells when it serves. */
export function startServer(workspace: string, ...words: readonly string[]): ChildProcess {
  const server = startKaryon(workspace, "start", "--no-open", "--no-demo", ...words);
  const ended = endOf(server);
  onTestFinished(async () => {
    server.kill();
    await ended;
  });
  return server;
}
