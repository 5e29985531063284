/** A `##INFO`, `##FORMAT`, `##FILTER` or `##contig` line: its ID and what it says, quotes taken off. */
export interface MetaLine {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Lines of one kind by their IDs, the first of each. Format: VCFv4.3 §1.4. */
export function metaLines(meta: readonly string[], kind: string): Map<string, MetaLine> {
  const found = new Map<string, MetaLine>();
  for (const line of meta) {
    if (!line.startsWith(`##${kind}=<`)) continue;
    const attributes = attributesOf(line.slice(kind.length + 4));
    const id = attributes["ID"];
    if (id !== undefined && id !== "" && !found.has(id)) found.set(id, { id, attributes });
  }
  return found;
}

/** `##kind=<ID=…,…>`; a description is quoted, whatever is in it. */
export function metaLine(kind: string, id: string, attributes: Readonly<Record<string, string>>): string {
  const rest = Object.entries(attributes).map(([name, value]) => {
    return `,${name}=${/^[\w.+-]+$/.test(value) && name !== "Description" ? value : quoted(value)}`;
  });
  return `##${kind}=<ID=${id}${rest.join("")}>`;
}

/** A line of a header that is passed on must be one that every reader can take apart. */
export function isSoundLine(line: string): boolean {
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(line)) return false;
  if (!/^##[A-Za-z0-9_.-]+=/.test(line)) return false;
  const value = line.slice(line.indexOf("=") + 1);
  if (!value.startsWith("<")) return true;
  return /^<[A-Za-z0-9_.]+=(?:"(?:[^"\\]|\\.)*"|[^",<>]*)(?:,[A-Za-z0-9_.]+=(?:"(?:[^"\\]|\\.)*"|[^",<>]*))*>$/.test(
    value,
  );
}

/** Text for between the quotes of a header: what could end it, or a line, or the order of reading, is taken out of effect. */
function quoted(text: string): string {
  const inert = text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"');
  return `"${inert}"`;
}

function attributesOf(inside: string): Record<string, string> {
  const out: Record<string, string> = {};
  const pairs = inside.matchAll(/([A-Za-z0-9_.]+)=("(?:[^"\\]|\\.)*"?|[^,>]*)/g);
  for (const [, name, value] of pairs) {
    if (name !== undefined && value !== undefined && !Object.hasOwn(out, name)) out[name] = unquoted(value);
  }
  return out;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text.trim();
  return text.replace(/^"|"$/g, "").replaceAll(/\\(.)/g, "$1");
}
