import { WorkspaceError } from "#protocol/error.ts";

/** Names with commas between. @throws {WorkspaceError} `usage` when there is none */
export function namesIn(text: string): string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length > 0) return names;
  throw new WorkspaceError({
    code: "usage",
    message: `no name: "${text}"`,
    hint: "Write names with commas between, such as a,b.",
  });
}
