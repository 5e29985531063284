/** Longest text of one value that a report carries; what is cut is said. */
const LONGEST_TEXT = 4000;

/**
 * What a reader cannot see but a renderer obeys: C0 and C1 controls (line feed and tab apart), the marks and
 * overrides of bidirectional text, line and paragraph separators, invisible operators, the byte order mark,
 * tag characters. They can reorder or hide what stands beside them, so they are written out as code points.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex -- the controls are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /\p{Cs}/gu;

/**
 * A value of a file as text that shows everything it holds: an unseen character appears as `⟨U+202E⟩`,
 * half a surrogate pair as U+FFFD, and the end of an over-long text as a count.
 */
export function plainText(text: string): string {
  const cut = text.length > LONGEST_TEXT;
  const kept = cut ? text.slice(0, LONGEST_TEXT) : text;
  const shown = kept.replace(/\r\n?/g, "\n").replace(LONE_SURROGATE, "\ufffd").replace(INVISIBLE, codePoint);
  return cut ? `${shown} … (${text.length - LONGEST_TEXT} more characters)` : shown;
}

/** Plain data with {@link plainText} applied to every text in it, keys left as they are. */
export function plainData<T>(data: T): T {
  return clean(data) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  // fromEntries defines, it does not assign: a key `__proto__` stays an ordinary key.
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
}

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `⟨U+${hex}⟩`;
}
