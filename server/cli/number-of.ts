import { WorkspaceError } from "#protocol/error.ts";

/** A number as a person writes it. @throws {WorkspaceError} `usage` for what is none */
export function numberOf(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new WorkspaceError({
    code: "usage",
    message: `not a number: ${text}`,
    hint: "Write digits, such as 20.",
  });
}
