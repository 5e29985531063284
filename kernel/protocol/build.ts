import { WorkspaceError } from "./error.ts";

/** Said where the programs are bundled, see start/built.js. */
declare const KARYON_BUILD: string | undefined;
declare const KARYON_CODE: string | undefined;

/**
 * What tells this build of Karyon from every other: a hash of its sources and of the list of its packages. Null where
 * it runs from the sources themselves, which may change under it.
 */
export const BUILD: string | null = typeof KARYON_BUILD === "undefined" ? null : KARYON_BUILD;

/**
 * Hashes of the sources that each file of `kernel/cells/` is carried out by, itself and what it imports, by its name.
 * Empty where Karyon runs from the sources themselves.
 */
export const CODE: Readonly<Record<string, string>> =
  typeof KARYON_CODE === "undefined" ? {} : (JSON.parse(KARYON_CODE) as Record<string, string>);

/**
 * Refuses to let two processes or threads work together that were built from other sources: Karyon was updated after
 * the first of them started, and they may not understand each other. Null when they are alike, or one of them does not know.
 */
export function anotherBuild(first: string | null, second: string | null): WorkspaceError | null {
  if (first === null || second === null || first === second) return null;
  return new WorkspaceError({
    code: "asset",
    message: "Karyon was updated after this was started",
    hint: "Stop it and start it again; what is kept is untouched.",
  });
}
