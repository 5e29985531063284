/** What stands after the name in the first line of a cell: `asset auto=lazy check="count(*) > 0"`. */
export type Attributes = Readonly<Record<string, string>>;

const ATTRIBUTE = /([\w-]+)(?:=(?:"([^"]*)"|'([^']*)'|(\S*)))?/g;

/** The words of a text, each with its value; the empty string for one without. Whatever it is called, it is a word. */
export function attributesIn(text: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [, key = "", double, single, bare] of text.matchAll(ATTRIBUTE)) {
    attributes[key] = double ?? single ?? bare ?? "";
  }
  return attributes;
}

/** As they are written, in their order. */
export function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => {
      if (value === "") return key;
      if (/^[^\s"'=]+$/.test(value)) return `${key}=${value}`;
      return value.includes('"') ? `${key}='${value}'` : `${key}="${value}"`;
    })
    .join(" ");
}
