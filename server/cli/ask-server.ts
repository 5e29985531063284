import { once } from "node:events";
import { request } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { Progress } from "#protocol/record.ts";

import type { VerbContext } from "../workspace-api.ts";
import { answers } from "./server-file.ts";
import type { ServerFile } from "./server-file.ts";

/** How often a server is asked whether it is there, while it is waited for. */
const LOOK_MS = 5_000;

type Line =
  | { readonly progress: Progress; readonly asset?: AssetKey | null }
  | { readonly result: unknown }
  | { readonly error: ErrorInfo };

/** Has a running server do a verb: one object a line comes back, progress first, the result last. */
export async function askServer(
  server: ServerFile,
  verb: string,
  parameters: unknown,
  { signal, progress }: VerbContext,
): Promise<unknown> {
  // Not `fetch`: that gives up what says nothing for five minutes, as a run that waits for another may.
  const asked = request({
    host: "127.0.0.1",
    port: server.port,
    path: `/api/verbs/${encodeURIComponent(verb)}`,
    method: "POST",
    headers: {
      Authorization: `Bearer ${server.token}`,
      "Content-Type": "application/json",
      Origin: `http://127.0.0.1:${server.port}`,
    },
    signal,
  });
  asked.end(JSON.stringify(parameters));
  const silence = new AbortController();
  void tellOfSilence(server, silence.signal, progress);
  try {
    for await (const line of linesOf(asked, signal)) {
      if ("progress" in line) progress(line.asset ?? null, line.progress);
      else if ("error" in line) throw new WorkspaceError(line.error);
      else return line.result;
    }
  } finally {
    silence.abort();
  }
  throw new WorkspaceError({
    code: "killed",
    message: "the workspace's server ended before it answered",
    hint: "See karyon run list for what became of the run.",
  });
}

/** A run takes hours, and is waited for; but who waits for a server that is suspended is told. */
async function tellOfSilence(
  server: ServerFile,
  signal: AbortSignal,
  progress: VerbContext["progress"],
): Promise<void> {
  while (!signal.aborted) {
    await wait(LOOK_MS, undefined, { signal, ref: false }).catch(() => null);
    if (signal.aborted || (await answers(server)) || signal.aborted) continue;
    progress(null, { phase: `the server does not answer: process ${server.pid}, which may be suspended` });
  }
}

/** Ends early when the server does. */
async function* linesOf(asked: ClientRequest, signal: AbortSignal): AsyncGenerator<Line> {
  let rest = "";
  try {
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    for await (const text of response.setEncoding("utf8")) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield JSON.parse(line) as Line;
    }
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ECONNRESET" && code !== "ECONNREFUSED") throw error;
  }
}
