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
