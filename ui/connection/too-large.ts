import type { ErrorInfo } from "#protocol/error.ts";
import { MOST_SENT } from "#protocol/messages.ts";
import type { ClientMessage } from "#protocol/messages.ts";
import { bytes, count } from "#protocol/numerals.ts";

/**
 * What is too large in a message; null when the server takes it. It would close the connection over it, and all else
 * that waits for an answer would fail with it.
 */
export function tooLarge(message: ClientMessage, json: string): ErrorInfo | null {
  const length = longest(message);
  if (length !== null) return refused(`a text of ${count(length)} characters`);
  // A character takes three bytes at the most; of a pair, which takes four, each half counts as one.
  if (json.length * 3 <= MOST_SENT.messageBytes) return null;
  const size = new TextEncoder().encode(json).length;
  return size <= MOST_SENT.messageBytes ? null : refused(bytes(size));
}

/** Length of a text in a message that is longer than one in its place may be. */
function longest(part: unknown, most: number = MOST_SENT.text): number | null {
  if (typeof part === "string") return part.length > most ? part.length : null;
  if (typeof part !== "object" || part === null) return null;
  for (const [field, value] of Object.entries(part)) {
    const within = field === "source" || field === "values" ? MOST_SENT.source : most;
    const found = longest(value, within);
    if (found !== null) return found;
  }
  return null;
}

function refused(what: string): ErrorInfo {
  return {
    code: "usage",
    message: `too much to send at once: ${what}`,
    hint: `Send less: a cell has ${count(MOST_SENT.source)} characters at most, and what is sent at once ${bytes(MOST_SENT.messageBytes)}.`,
  };
}
