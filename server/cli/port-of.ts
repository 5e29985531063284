import { WorkspaceError } from "#protocol/error.ts";

/** A port as a person writes it. @throws {WorkspaceError} `usage` for what is none */
export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new WorkspaceError({
    code: "usage",
    message: `not a port: ${text}`,
    hint: "Write a number from 1 to 65535.",
  });
}
