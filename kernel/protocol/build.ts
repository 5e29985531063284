/** Said where the programs are bundled, see start/built.js. */
declare const KARYON_BUILD: string | undefined;

/**
 * What tells this build of Karyon from every other: a hash of its sources and of the list of its packages. Null where
 * it runs from the sources themselves, which may change under it.
 */
export const BUILD: string | null = typeof KARYON_BUILD === "undefined" ? null : KARYON_BUILD;
