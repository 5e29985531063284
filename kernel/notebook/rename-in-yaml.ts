import { isPair, isScalar, parseAllDocuments, visit } from "yaml";

const LAST_LINE = /(?<indent>\n[ \t]*)\S+(?=\s*$)/;

/** Renames values of a YAML text that are exactly the name; keys, comments and everything else stay as written. */
export function renameInYaml(source: string, from: string, to: string): string {
  const places: { readonly start: number; readonly end: number }[] = [];
  const documents = parseAllDocuments(source);
  if (!Array.isArray(documents)) return source;
  for (const document of documents) {
    if (document.errors.length > 0) return source;
    visit(document, {
      Scalar(key, node, path) {
        const isKey = key === "key" && isPair(path.at(-1));
        if (!isKey && isScalar(node) && node.value === from && node.range != null) {
          places.push({ start: node.range[0], end: node.range[1] });
        }
      },
    });
  }
  return places
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => {
      const written = text.slice(start, end);
      const quote = /^["']/.exec(written)?.[0] ?? "";
      // A text below a `|` or `>` begins with what stands there, and ends with its line.
      const name = /^[|>]/.test(written)
        ? written.replace(LAST_LINE, `$<indent>${to}`)
        : `${quote}${to}${quote}`;
      return `${text.slice(0, start)}${name}${text.slice(end)}`;
    }, source);
}
