import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { Progress } from "#protocol/record.ts";

import type { VerbContext } from "../workspace-api.ts";
import type { ServerFile } from "./server-file.ts";

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
  const response = await fetch(`http://127.0.0.1:${server.port}/api/verbs/${encodeURIComponent(verb)}`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${server.token}`,
      "Content-Type": "application/json",
      Origin: `http://127.0.0.1:${server.port}`,
    },
    body: JSON.stringify(parameters),
    signal,
  });
  for await (const line of linesOf(response)) {
    if ("progress" in line) progress(line.asset ?? null, line.progress);
    else if ("error" in line) throw new WorkspaceError(line.error);
    else return line.result;
  }
  throw new WorkspaceError({
    code: "killed",
    message: "the workspace's server ended before it answered",
    hint: "See karyon run list for what became of the run.",
  });
}

async function* linesOf(response: Response): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as Line;
  }
  if (rest !== "") yield JSON.parse(rest) as Line;
}
