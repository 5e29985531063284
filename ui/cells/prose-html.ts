import markdownIt from "markdown-it";

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

/** Prose of a notebook as HTML. */
export function proseHtml(source: string): string {
  return markdown.render(source);
}
