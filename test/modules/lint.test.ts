import { expect, test } from "vitest";

import { lintModule, lintTogether } from "../../kernel/modules/lint.ts";
import { moduleOf } from "./genome-fixture.ts";

const HEADER = "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,gene\n";
/** All three genotypes of a site that no rule speaks of, but for its reference homozygote. */
const QUIET = `rs1,1,100,A,G,A/A,0,neutral,a,GENE
rs1,1,100,A,G,A/G,1,protective,a,GENE
rs1,1,100,A,G,G/G,2,protective,a,GENE\n`;

const cases: readonly (readonly [string, string, string | undefined])[] = [
  ["ALLELE_NOT_AT_LOCUS", "rs2,1,200,A,G,A/T,1,protective,a,GENE", undefined],
  ["STRAND_SUSPECT", "rs2,1,200,A,G,C/C,1,protective,a,GENE", undefined],
  ["PALINDROMIC", "rs2,1,200,A,T,A/T,1,protective,a,GENE", undefined],
  ["SIGN_CONTRADICTS", "rs2,1,200,A,G,A/G,1,risk,a,GENE", undefined],
  ["CONCLUSION_NAMES_OTHER_GENOTYPE", "rs2,1,200,A,G,A/G,1,protective,GG genotype helps,GENE", undefined],
  ["HET_MISSING", "rs2,1,200,A,G,G/G,1,protective,a,GENE", undefined],
  ["HOM_ALT_MISSING", "rs2,1,200,A,G,A/G,1,protective,a,GENE", undefined],
  ["SEVERAL_GENES", 'rs2,1,200,A,G,A/G,1,protective,a,"ABCG8, ABCG5"', undefined],
  ["FOREIGN_LETTERS", "rs2,1,200,A,G,A/G,1,protective,monocyteвЂђendothelial,GENE", undefined],
  ["P_VALUE_COPIED", "rs2,1,200,A,G,A/G,1,protective,a,GENE", "rsid,pmid,p_value\nrs1,1,2e-8\nrs1,2,2e-8\n"],
  ["DECIMAL_COMMA", "rs2,1,200,A,G,A/G,1,protective,a,GENE", 'rsid,pmid,p_value\nrs1,1,"2,0E-8"\n'],
  ["UNICODE_MINUS", "rs2,1,200,A,G,A/G,1,protective,a,GENE", "rsid,pmid,p_value\nrs1,1,2e−8\n"],
];

test.each(cases)("%s is found where it is", (rule, row, studies) => {
  const quiet = lintModule(moduleOf("fixture", HEADER + QUIET)).map((finding) => finding.rule);
  expect(quiet).toEqual(["HOM_REF_AUTHORED"]);
  const module = moduleOf("fixture", `${HEADER}${QUIET}${row}\n`, studies === undefined ? {} : { studies });
  expect(lintModule(module)).toContainEqual(expect.objectContaining({ rule, count: 1 }));
});

test("a genotype that is missing is named, and one of the reference by its own row", () => {
  const rows =
    "rs2,1,200,G,A,A/A,1,protective,a,GENE\nrs3,1,300,G,A,A/G,1,protective,a,GENE\n" +
    "rs4,1,400,G,A,A/G,1,protective,a,GENE\nrs4,1,400,G,A,G/G,1,protective,a,GENE\n" +
    // A person has one allele of it.
    "rs5,MT,500,G,A,A,1,protective,a,GENE\n";
  const found = lintModule(moduleOf("fixture", HEADER + rows));
  expect(found.map(({ rule, at, examples }) => [rule, at, ...examples])).toEqual([
    ["HET_MISSING", "variants.csv:2", "rs2 A/G"],
    ["HOM_ALT_MISSING", "variants.csv:3", "rs3 A/A", "rs4 A/A"],
    ["HOM_REF_AUTHORED", "variants.csv:5", "rs4 G/G"],
  ]);
});

test("a finding counts, names the first line and a few examples", () => {
  const rows = [2, 3, 4, 5, 6, 7, 8].map((n) => `rs${n},1,${n}00,A,G,A/T,1,protective,a,GENE\n`).join("");
  const [finding] = lintModule(moduleOf("fixture", HEADER + rows));
  expect(finding).toEqual({
    rule: "ALLELE_NOT_AT_LOCUS",
    count: 7,
    at: "variants.csv:2",
    examples: ["rs2 A/T", "rs3 A/T", "rs4 A/T", "rs5 A/T", "rs6 A/T"],
  });
});

test("a module without any weight, and an rsID of several places, are noted", () => {
  const resolution = "rsid,chrom,start,ref,alts,locus_index\nrs1,1,5,A,G,0\nrs1,2,5,A,G,1\n";
  const module = moduleOf("fixture", "rsid,genotype,state,conclusion\nrs1,A/G,alt,a\n", { resolution });
  expect(lintModule(module).map(({ rule }) => rule)).toEqual([
    "HOM_ALT_MISSING",
    "WITHOUT_WEIGHTS",
    "SEVERAL_LOCI",
  ]);
});

test("modules that call one genotype favourable and unfavourable are named together", () => {
  const one = moduleOf("one", HEADER + QUIET);
  const two = moduleOf("two", `${HEADER}rs1,1,100,A,G,G/G,-1,risk,a,GENE\n`);
  expect(
    lintTogether(
      new Map([
        ["first", one],
        ["second", two],
      ]),
    ),
  ).toEqual([
    {
      rule: "MODULES_DISAGREE",
      count: 1,
      at: "first/variants.csv:4",
      examples: ["rs1 G/G: one protective, two risk"],
    },
  ]);
  expect(lintTogether(new Map([["first", one]]))).toEqual([]);
});

test("a variant that two modules have at different positions is named, one at a position of both is not", () => {
  const ofRs1 = (places: string): string => `rsid,chrom,start,ref,alts,locus_index\n${places}`;
  const unplaced = "rsid,genotype,state,conclusion\nrs1,A/G,neutral,a\n";
  const one = moduleOf("one", unplaced, { resolution: ofRs1("rs1,1,100,A,G,0\nrs1,2,5,A,G,1\n") });
  const two = moduleOf("two", `${HEADER}rs1,1,160,A,G,A/G,0,neutral,a,GENE\n`);
  const three = moduleOf("three", unplaced, { resolution: ofRs1("rs1,3,1,A,G,0\nrs1,1,100,A,G,1\n") });
  const four = moduleOf("four", unplaced);
  const modules = { one, two, three, four };
  expect(lintTogether(new Map(Object.entries(modules)))).toEqual([
    {
      rule: "PLACES_DISAGREE",
      count: 1,
      at: "two/variants.csv:2",
      examples: ["rs1: one 1:100 and 2:5, two 1:160"],
    },
  ]);
});
