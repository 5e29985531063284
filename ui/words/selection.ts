/** Assets of a selection that are named; the others are counted. */
const MOST_NAMED = 3;

/** A long list of assets as its first ones: `a or b or c or 9 more`. */
export function shortSelection(selection: string): string {
  const parts = selection.split(" or ");
  const more = parts.length - MOST_NAMED;
  if (more < 2 || /[()]/.test(selection)) return selection;
  return `${parts.slice(0, MOST_NAMED).join(" or ")} or ${more} more`;
}
