import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { formatSql } from "../../ui/editor/format-sql.ts";

describe("SQL is laid out", () => {
  test("with a line for each clause, and for each item and condition of one that is long", () => {
    const source =
      "select module, gene, rsid, array_to_string(genotype, '/') as genotype, weight, state, conclusion from user_hf_module_annotations left join genes on genes.symbol = gene where weight is not null and abs(weight) between 0.1 and 2 and (state = 'risk' or state = 'protective') and length(conclusion) > 3 order by abs(weight) desc limit 50";
    expect(formatSql(source)).toBe(`select
  module,
  gene,
  rsid,
  array_to_string(genotype, '/') as genotype,
  weight,
  state,
  conclusion
from user_hf_module_annotations
left join genes on genes.symbol = gene
where weight is not null
  and abs(weight) between 0.1 and 2
  and (state = 'risk' or state = 'protective')
  and length(conclusion) > 3
order by abs(weight) desc
limit 50`);
  });

  test("with queries in brackets on lines of their own, and case, holes and casts as one word", () => {
    const source =
      "with a as (select x::int as y from t where z = ${min +  1} union all select case when y and z then 1 else 2 end from u) select count(*) from a";
    expect(formatSql(source)).toBe(`with a as (
  select x::int as y
  from t
  where z = \${min +  1}
  union all
  select case when y and z then 1 else 2 end
  from u
)
select count(*)
from a`);
  });

  test("with comments where they are, each to the end of its line", () => {
    expect(formatSql("select a, -- the first\nb from t -- all\nwhere x")).toBe(
      "select\n  a,\n  -- the first\n    b\nfrom t -- all\nwhere x",
    );
  });
});

const piece = fc.constantFrom(
  ..."select|from|where|and|or|between|group by|order by|limit|union all|with|as|left join|on|case|when|end|(|)|[|]|,|;|.|::|*|a|b_1|1.5|'it''s; --'|\"x y\"|-- note\n|/* c */|${f({a: 1})}|\n|  ".split(
    "|",
  ),
);

test("whatever is laid out, only white space changes, and a second time changes nothing", () => {
  // Comments as wholes: what follows one must never become a part of it.
  const bare = (text: string): unknown =>
    text.match(/--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"[^"]*"|[^\s]/g)?.map((token) => token.trim());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const source = pieces.join(" ");
      const once = formatSql(source);
      expect(bare(once)).toEqual(bare(source));
      expect(formatSql(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});
