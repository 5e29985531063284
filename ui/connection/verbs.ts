import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

/** A line of the answer to a verb. */
type Line = { readonly result: unknown } | { readonly error: ErrorInfo } | { readonly progress: Progress };

/**
 * Asks for a verb, in the words of the command line. Its result is the shape that the verb documents; `told` hears how
 * far it is.
 *
 * @throws {WorkspaceError} what the verb was refused with; `cancelled` when the server is not there
 */
export async function askVerb<Result>(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
  told?: (progress: Progress) => void,
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
  return readVerb<Result>(told === undefined ? await answer.text() : await lastLines(answer, told));
}

/** The lines of an answer but those of its progress, which are told as they come. */
async function lastLines(answer: Response, told: (progress: Progress) => void): Promise<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const kept: string[] = [];
  let rest = "";
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    const lines = (rest + next.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = readLine(line);
      if (message !== null && "progress" in message) told(message.progress);
      else kept.push(line);
    }
  }
  return [...kept, rest].join("\n");
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
