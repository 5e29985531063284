import markdownIt from "markdown-it";

import { closingBrace } from "#graph/closing-brace.ts";
import type { Hole } from "#graph/template-holes.ts";
import { placeOf } from "#notebook/text-place.ts";

/** No HTML of the text passes (`html: false`), and links that could run something are not made. */
const markdown = markdownIt({ html: false, linkify: false, typographer: true });

const link = markdown.renderer.rules["link_open"];
markdown.renderer.rules["link_open"] = (tokens, index, options, env, self) => {
  const token = tokens[index];
  if (token !== undefined && /^[a-z]+:/i.test(String(token.attrGet("href") ?? ""))) {
    token.attrSet("target", "_blank");
    token.attrSet("rel", "noopener noreferrer");
  }
  return link === undefined
    ? self.renderToken(tokens, index, options)
    : link(tokens, index, options, env, self);
};
// A picture would be asked of whoever hosts it: its text is shown instead.
markdown.renderer.rules["image"] = (tokens, index) => markdown.utils.escapeHtml(tokens[index]?.content ?? "");

// A `${}` in prose is a value in the text; in code it is left as it is written.
markdown.inline.ruler.before("escape", "hole", (state, silent) => {
  if (!state.src.startsWith("${", state.pos)) return false;
  const end = closingBrace(state.src, state.pos + 2);
  if (end < 0 || end >= state.posMax) return false;
  if (!silent) state.push("hole", "", 0).content = state.src.slice(state.pos + 2, end);
  state.pos = end + 1;
  return true;
});
markdown.renderer.rules["hole"] = (tokens, index, _, env) => {
  const known = env as unknown as ProseValues;
  const value = known.values?.[known.next++];
  const code = tokens[index]?.content ?? "";
  return value === undefined
    ? `<code>${markdown.utils.escapeHtml(`\${${code}}`)}</code>`
    : `<span class="prose-value">${markdown.utils.escapeHtml(value)}</span>`;
};

interface ProseValues {
  readonly values: readonly string[] | undefined;
  /** Index of the value that the next hole gets. */
  next: number;
}

/** The `${}` of prose, those in code left out, in the order of the text. */
export function proseHoles(source: string): Hole[] {
  const holes: Hole[] = [];
  let from = 0;
  const tokens = markdown.parse(source, { values: undefined, next: 0 } satisfies ProseValues);
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    if (token.type !== "hole") continue;
    const text = token.content;
    const at = source.indexOf(`\${${text}}`, from);
    if (at < 0) continue;
    holes.push({ text, ...placeOf(source, at + 2), quote: "" });
    from = at + text.length;
  }
  return holes;
}

/** Prose of a notebook as HTML; `values` stand in place of its `${}`, as text. */
export function proseHtml(source: string, values?: readonly string[]): string {
  return markdown.render(source, { values, next: 0 } satisfies ProseValues);
}
