/** Rules of the quality filter, as a sentence says which one it was. */
const RULES: Readonly<Record<string, string>> = {
  pass_filters: "by the caller's filter",
  min_depth: "by depth",
  min_qual: "by quality",
  sample_filter: "by the sample's own filter",
};

export function ruleWords(rule: string): string {
  return RULES[rule] ?? `by ${rule}`;
}

/** `pass_filters,min_qual` → `by the caller's filter, by quality`. */
export function rulesWords(rules: string): string {
  return rules
    .split(",")
    .map((rule) => ruleWords(rule.trim()))
    .join(", ");
}
