import { describe, expect, test } from "vitest";

import { isBroken } from "../../kernel/modules/module.ts";
import { parseModule } from "../../kernel/modules/parse.ts";
import { SPEC, STUDIES, VARIANTS, problems, variant } from "./module-problems.ts";

describe("a table under a header that it cannot be read by says so once, with the line", () => {
  const rows = "rs1,A/G,1,protective,a\nrs1,G/G,1,protective,b\n";
  test.each([
    [
      "semicolons",
      VARIANTS.replaceAll(",", ";"),
      ["!variants.csv:1 the columns are separated by semicolons: write commas"],
    ],
    [
      "tabs",
      VARIANTS.replaceAll(",", "\t"),
      ["!variants.csv:1 the columns are separated by tabs: write commas"],
    ],
    [
      "no state",
      `rsid,genotype,weight,State,conclusion\n${rows}`,
      [
        "!variants.csv:1 [state] there is no column state; State is written state",
        "variants.csv:1 [State] a column that nothing reads; state is one that is read",
      ],
    ],
    [
      "capitals",
      `RSID,genotype,weight,state,conclusion\n${rows}`,
      [
        "!variants.csv:1 [rsid] there is no column rsid, and no column chrom; RSID is written rsid",
        "variants.csv:1 [RSID] a column that nothing reads; rsid is one that is read",
      ],
    ],
    [
      "a column twice",
      `rsid,genotype,weight,state,conclusion,weight\n${rows}`,
      ["!variants.csv:1 [weight] two columns of this name"],
    ],
    [
      "a quote that stays open",
      'rsid,genotype,state,conclusion\nrs1,A/G,neutral,a\nrs1,G/G,neutral,"b\nrs1,A/A,neutral,c\n',
      ["!variants.csv:3 not CSV: a quote that is never closed, here or in a row below"],
    ],
    [
      "a quote inside a cell",
      'rsid,genotype,state,conclusion\nrs1,A/G,neutral,the "best" one\n',
      [
        '!variants.csv:2 not CSV: a quote inside a cell; put the cell in quotes, and write "" for the one inside',
      ],
    ],
  ])("%s", (_what, variants, told) => {
    const found = problems({ variants }).filter((problem) => problem.includes("variants.csv"));
    expect(found).toEqual(told);
  });

  test("a resolution without positions", () => {
    expect(problems({ resolution: "rsid,chrom,pos\nrs1,1,100\n" })).toContain(
      "!resolution.csv:1 [start] there is no column start",
    );
  });
});

test("why a table has no row is told once", () => {
  expect(problems({ variants: variant({ state: "bad" }), studies: "rsid,pmid\nrs1,\n" })).toEqual([
    "!variants.csv:2 [state] unknown value: bad; one of risk, protective, neutral, significant, alt, ref",
    "!studies.csv:2 [pmid] is empty",
  ]);
});

describe("studies.csv", () => {
  test.each([
    [
      "two publications in a cell",
      'rsid,pmid\nrs1,"111, 222"\n',
      "studies.csv:2 [pmid] 111 alone is taken: 111, 222; write a row for each publication",
    ],
    ["no PubMed id", "rsid,pmid\nrs1,\n", "!studies.csv:2 [pmid] is empty"],
    [
      "nine digits",
      "rsid,pmid\nrs1,123456789\n",
      "!studies.csv:2 [pmid] no number of 1 to 8 digits: 123456789",
    ],
    [
      "a PMC id",
      "rsid,pmid\nrs1,PMC123456\n",
      "!studies.csv:2 [pmid] a PubMed Central id, not a PubMed id: PMC123456",
    ],
    ["a start alone", "start,pmid\n5,1\n", "!studies.csv:2 [start] start or ref without rsid or chrom"],
    [
      "a p-value of zero",
      "rsid,pmid,p_value_num\nrs1,1,0\n",
      "!studies.csv:2 [p_value_num] not above 0 and up to 1: 0",
    ],
    [
      "another variant",
      "rsid,pmid\nrs1,1\nrs9,1\n",
      "studies.csv:3 [rsid] a study of a variant that has no genotype here: rs9",
    ],
    [
      "a place for a variant that has an rsID",
      "rsid,chrom,start,ref,pmid\nrs1,,,,1\n,1,100,A,2\n",
      "studies.csv:3 [rsid] a study that no genotype gets: 1:100:A; name the variant by its rsID, or by chrom, start and ref if it has none",
      variant({ chrom: "1", start: "100", ref: "A", alts: "G" }),
    ],
    [
      "a place without its ref",
      "chrom,start,pmid\n1,100,2\n",
      "studies.csv:2 [rsid] a study that no genotype gets: 1:100; name the variant by its rsID, or by chrom, start and ref if it has none",
      variant({ rsid: "", chrom: "1", start: "100", ref: "A", alts: "G" }),
    ],
    ["a pair twice", "rsid,pmid\nrs1,1\nrs1,1\n", "studies.csv:3 [pmid] rs1 1 is listed already"],
    ["no row", "rsid,pmid\n", "!studies.csv has no usable row: evidence is mandatory"],
  ])("with %s is told", (_what, studies, message, variants = VARIANTS) => {
    expect(problems({ studies, variants })).toContain(message);
  });

  test("of a place are those of the variant there that has no rsID", () => {
    const variants = variant({ rsid: "", chrom: "chr1", start: "100", ref: "a", alts: "G" });
    expect(problems({ studies: "chrom,start,ref,pmid\n1,100,A,2\n", variants })).toEqual([]);
  });

  test("is mandatory", () => {
    expect(problems({ studies: null })[0]).toBe("!studies.csv is not there: evidence is mandatory");
  });
});

test.each(["\n", "\r\n"])(
  "a row is named by the line that it begins on, also with line ends %j",
  (newline) => {
    const lines = [
      "rsid,genotype,state,conclusion",
      'rs1,A/G,neutral,"one',
      'two"',
      "",
      'rs1,G/A,neutral,"one',
      "",
      'two"',
      "rs1,T/C,neutral,a",
    ];
    const found = problems({ variants: lines.join(newline) }).filter((problem) => problem.includes("sorted"));
    expect(found.map((problem) => problem.split(" ")[0])).toEqual(["!variants.csv:5", "!variants.csv:8"]);
  },
);

test.each([
  ["significant", "1", "protective"],
  ["significant", "-1", "risk"],
  ["significant", "", "unknown"],
  ["alt", "1", "unknown"],
  ["neutral", "", "neutral"],
])("the state %s with weight '%s' gives the direction %s", (state, weight, direction) => {
  const module = parseModule("fixture", {
    "module_spec.yaml": SPEC,
    "variants.csv": variant({ state, weight }),
    "studies.csv": STUDIES,
    "resolution.csv": null,
  });
  expect(isBroken(module) ? module.problems : module.variants[0]?.direction).toBe(direction);
});
