/** Comments, texts (in quotes or between `$$`), quoted names, `${}`, and words with what stands before them. */
const TOKEN =
  /--[^\n]*|\/\*[^]*?\*\/|(?<text>'(?:[^']|'')*'|\$(?<tag>\w*)\$[^]*?\$\k<tag>\$)|\$\{(?<code>(?:[^{}]|\{[^{}]*\})*)\}|"(?<quoted>(?:[^"]|"")*)"|(?<dot>\.\s*)?(?<word>[\p{L}_][\p{L}\p{M}\p{N}_$]*)/gu;
const PLAIN = /^[A-Za-z_]\w*$/;

/**
 * Renames a table in SQL. Words are compared whatever their case, as SQL does; what follows a dot is a column and
 * stays; comments and texts stay, but for the `${}` of a text.
 */
export function renameInSql(
  source: string,
  from: string,
  to: string,
  inCode: (code: string) => string,
): string {
  const written = PLAIN.test(to) ? to : `"${to}"`;
  return source.replaceAll(TOKEN, (token: string, ...rest) => {
    const groups = rest.at(-1) as Record<"code" | "text" | "quoted" | "dot" | "word", string | undefined>;
    if (groups.code !== undefined) return `\${${inCode(groups.code)}}`;
    if (groups.quoted === from) return `"${to}"`;
    if (groups.text !== undefined) {
      return token.replaceAll(/\$\{([^{}]*)\}/g, (_hole, code: string) => `\${${inCode(code)}}`);
    }
    const same = groups.dot === undefined && groups.word?.toLowerCase() === from.toLowerCase();
    return same ? written : token;
  });
}
