import { WorkspaceError } from "#protocol/error.ts";

/** Name of a notebook's file, as a person writes it: with its folder and its ending, or without. */
export function fileNamed(name: string): string {
  const file = name.replace(/^(?:.*[/\\])?notebooks[/\\]/, "");
  return file.endsWith(".md") ? file : `${file}.md`;
}

/** The notebook of a name. @throws {WorkspaceError} `usage` when there is none */
export function notebookNamed<Named extends { readonly path: string }>(
  notebooks: readonly Named[],
  name: string,
): Named {
  const file = fileNamed(name);
  const found = notebooks.find(({ path }) => path === file);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "usage",
    message: `no such notebook: ${name}`,
    hint: `There are ${notebooks.map(({ path }) => path).join(", ")}.`,
  });
}
