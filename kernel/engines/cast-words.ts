import type { ErrorInfo } from "#protocol/error.ts";

/** Of a value that cannot be cast, in the words of either engine. The value is not told: messages are written down. */
export function castWords(column?: string): Required<Pick<ErrorInfo, "message" | "hint">> {
  return {
    message: `a value${column === undefined ? "" : ` of ${column}`} is not of the type that it is cast to`,
    hint: "Write try_cast(… as …), which gives null there, or leave such rows out.",
  };
}
