import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";

/** A line of the answer to a verb. */
type Line = { readonly result: unknown } | { readonly error: ErrorInfo } | { readonly progress: unknown };

/**
 * Asks for a verb, in the words of the command line. Its result is the shape that the verb documents.
 *
 * @throws {WorkspaceError} what the verb was refused with; `cancelled` when the server is not there
 */
export async function askVerb<Result>(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<Result> {
  const answer = await fetch(`/api/verbs/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(parameters),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw new WorkspaceError(
      {
        code: "cancelled",
        message: "not connected to the server",
        hint: "Start Karyon, then try again.",
      },
      { cause },
    );
  });
  return readVerb<Result>(await answer.text());
}

/** The result in the lines of an answer. @throws {WorkspaceError} */
export function readVerb<Result>(text: string): Result {
  for (const line of text.trimEnd().split("\n").toReversed()) {
    const message = readLine(line);
    if (message === null) continue;
    if ("error" in message) throw new WorkspaceError(message.error);
    if ("result" in message) return message.result as Result;
  }
  throw new WorkspaceError({ code: "internal", message: "the answer of the server was cut off" });
}

function readLine(line: string): Line | null {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return null;
  }
}
