/** A dimension of a partition as a directory name: what a file system may refuse is percent-escaped. */
export function escapeSegment(text: string): string {
  const escaped = text.replaceAll(/[^\p{L}\p{N} ._@+-]/gu, (character) => encodeURIComponent(character));
  return escaped.replace(
    /^[. ]|[. ]$/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
