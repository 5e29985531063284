/**
 * Elements that reach outside where no content security policy looks: by its address alone a `link` opens a connection
 * or has a name looked up, a `meta` leads the whole page elsewhere, a `base` turns the addresses that a person follows,
 * and a frame can hold all of them in its text.
 */
const OUTWARD = "link|meta|base|iframe|frame|frameset|object|embed|portal|fencedframe";
const TAG = new RegExp(`</?(?:${OUTWARD})\\b[^<>]*>`, "gi");
const BEGUN = new RegExp(`<(?=/?(?:${OUTWARD})\\b)`, "gi");

/** HTML that somebody wrote, without what reaches outside. What is left of such a tag, or is put together anew, is text. */
export function inwardHtml(html: string): string {
  return html.replaceAll(TAG, "").replaceAll(BEGUN, "&lt;");
}
