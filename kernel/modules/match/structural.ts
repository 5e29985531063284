/**
 * SQL: whether the alternates of a list are symbolic, such as `<DEL>`, or breakends alone: a record of them says nothing
 * of the bases at its place, also when it calls REF.
 *
 * Source: VCF edge cases A5 and A6.
 */
export function isStructural(alternates: string): string {
  return `(len(${alternates}) > 0
    and list_bool_and(list_transform(${alternates}, lambda alternate: regexp_matches(alternate, '[<\\[\\].]'))))`;
}

/** SQL: the alternates of a record, where they are joined by `|`. */
export function alternatesOf(alias: string): string {
  return `list_filter(string_split(${alias}.alt, '|'), lambda alternate: alternate <> '')`;
}
