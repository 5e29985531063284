import { describe, expect, test } from "vitest";

import { isBroken } from "../../kernel/modules/module.ts";
import { parseModule } from "../../kernel/modules/parse.ts";
import { statsOf } from "../../kernel/modules/validate.ts";
import { SPEC, STUDIES, VARIANTS, problems, variant } from "./module-problems.ts";

test("a sound module has no problems", () => {
  expect(problems({})).toEqual([]);
});

describe("the spec", () => {
  test.each([
    [
      "an unknown key",
      `${SPEC}colour: red\n`,
      "!module_spec.yaml:8 unknown key: colour; there are schema_version, module, defaults, genome_build, license, authorship, weighting",
    ],
    [
      "a name with a capital",
      SPEC.replace("name: fixture", "name: Fixture"),
      "!module_spec.yaml:3 [module.name] lower-case letters, digits and underscores, a letter first",
    ],
    [
      "a version that is a float",
      SPEC.replace('"1.2.0"', "1.2"),
      "!module_spec.yaml:4 [module.version] a version with a point must be quoted, such as '1.2.0'",
    ],
    [
      "another build",
      SPEC.replace("GRCh38", "GRCh37"),
      "!module_spec.yaml:7 [genome_build] not GRCh38: GRCh37",
    ],
    [
      "a colour in words",
      SPEC.replace("  title:", "  color: red\n  title:"),
      "!module_spec.yaml:5 [module.color] not a colour such as #21ba45",
    ],
    ["nothing at all", "", "!module_spec.yaml:1 [schema_version] is not there: write 1.0"],
    [
      "a number for a text",
      SPEC.replace(/title: .*/, "title: 2026"),
      '!module_spec.yaml:5 [module.title] not a text: 2026; write it as "2026"',
    ],
    [
      "a number for a text that is given",
      SPEC.replace('"1.0"', "1.0"),
      '!module_spec.yaml:1 [schema_version] not 1.0: 1; write "1.0"',
    ],
    ["a text alone", "hello\n", "!module_spec.yaml:1 not keys with values: hello"],
    [
      "two documents",
      `${SPEC}---\na: 1\n`,
      "!module_spec.yaml:8 not YAML: more than one document: leave out the ---",
    ],
  ])("with %s is refused", (_what, spec, message) => {
    expect(problems({ spec })).toContain(message);
  });

  test("that is no YAML, or not there, is refused", () => {
    expect(problems({ spec: "a: 1\nb: [" })[0]).toMatch(/^!module_spec\.yaml:2 not YAML: /);
    expect(problems({ spec: null })).toEqual(["!module_spec.yaml is not there"]);
  });

  test.each([
    ["3", "3.0.0"],
    ["v2", "2.0.0"],
    ['"2.1.0-rc.1"', "2.1.0-rc.1"],
  ])("reads the version %s as %s", (written, version) => {
    const module = parseModule("fixture", {
      "module_spec.yaml": SPEC.replace('"1.2.0"', written),
      "variants.csv": VARIANTS,
      "studies.csv": STUDIES,
      "resolution.csv": null,
    });
    expect(isBroken(module) ? module.problems : module.spec.version).toBe(version);
  });
});

describe("variants.csv", () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      "no rsID and no place",
      { rsid: "" },
      "!variants.csv:2 [rsid] is empty, and there is no chrom and start instead",
    ],
    [
      "an id of another kind",
      { rsid: "i5000" },
      "!variants.csv:2 [rsid] not a dbSNP id such as rs429358: i5000",
    ],
    ["no genotype", { genotype: "" }, "!variants.csv:2 [genotype] is empty"],
    ["no state", { state: "" }, "!variants.csv:2 [state] is empty"],
    [
      "an unknown state",
      { state: "bad" },
      "!variants.csv:2 [state] unknown value: bad; one of risk, protective, neutral, significant, alt, ref",
    ],
    ["no conclusion", { conclusion: "" }, "!variants.csv:2 [conclusion] is empty"],
    [
      "a decimal comma",
      { weight: '"0,5"' },
      "!variants.csv:2 [weight] not a number: 0,5; write the decimal with a point",
    ],
    [
      "a typographic minus",
      { weight: "−1" },
      "!variants.csv:2 [weight] not a number: −1; write the minus as -",
    ],
    ["an endless weight", { weight: "Infinity" }, "!variants.csv:2 [weight] not a number: Infinity"],
    ["a number of programs", { weight: "0x10" }, "!variants.csv:2 [weight] not a number: 0x10"],
    [
      "a weight without a sum",
      { weight: "1e308" },
      "!variants.csv:2 [weight] too large to be added up: 1e308",
    ],
    [
      "a start as spreadsheets write it",
      { chrom: "1", start: "1.1796321E+07" },
      "!variants.csv:2 [start] not all digits of a number: 1.1796321E+07; write it out",
    ],
    ["a ref that is none", { chrom: "1", start: "5", ref: "Z" }, "!variants.csv:2 [ref] not an allele: Z"],
    [
      "a start with separators",
      { chrom: "1", start: '"11,796,321"' },
      "!variants.csv:2 [start] not a number: 11,796,321; leave out the commas",
    ],
    [
      "a gene as spreadsheets write it",
      { gene: "2-Mar" },
      "variants.csv:2 [gene] a date that a spreadsheet made of the name of a gene: 2-Mar",
    ],
    [
      "a gene as the number of a day",
      { gene: "43892" },
      "variants.csv:2 [gene] a date that a spreadsheet made of the name of a gene: 43892",
    ],
    [
      "an alternate without its anchor",
      { chrom: "1", start: "5", ref: "T", alts: "-" },
      "!variants.csv:2 [alts] not an allele: -; write the base before it too, as a VCF does",
    ],
    [
      "a genotype without a stroke",
      { genotype: "GA" },
      "variants.csv:2 [genotype] one allele, where a person has two: GA; two are written A/G",
    ],
    [
      "a genotype without a stroke, of a variant without a place",
      { rsid: "rs2", genotype: "AG" },
      "variants.csv:2 [genotype] one allele, where a person has two: AG; two are written A/G",
    ],
    [
      "a contig that is none",
      { chrom: "23", start: "5" },
      "!variants.csv:2 [chrom] not one of 1 to 22, X, Y, MT: 23",
    ],
    ["a start without a contig", { start: "5" }, "!variants.csv:2 [start] chrom and start go together"],
    ["a ref without a place", { ref: "A" }, "!variants.csv:2 [ref] ref and alts need chrom and start"],
    [
      "a start below zero",
      { chrom: "1", start: "-5" },
      "!variants.csv:2 [start] not a whole number from 0 to 2147483647: -5",
    ],
    [
      "a start that no file has",
      { chrom: "1", start: "2147483648" },
      "!variants.csv:2 [start] not a whole number from 0 to 2147483647: 2147483648",
    ],
    [
      "half a quality rule",
      { quality_from: "GQ" },
      "!variants.csv:2 [min_quality] quality_from and min_quality go together",
    ],
    [
      "a quality rule, which nothing asks",
      { quality_from: "GQ", min_quality: "20" },
      "variants.csv:2 [min_quality] it has no effect: how good a call has to be is said by the quality filters of a notebook",
    ],
    [
      "a boolean that is none",
      { clinvar: "perhaps" },
      "!variants.csv:2 [clinvar] neither true nor false: perhaps",
    ],
    [
      "an unknown direction",
      { direction: "up" },
      "!variants.csv:2 [direction] unknown value: up; one of protective, risk, neutral, unknown",
    ],
    [
      "a state against the weight",
      { state: "risk", weight: "1" },
      "variants.csv:2 [state] risk, while the weight is 1",
    ],
    [
      "a direction against the weight",
      { direction: "protective", weight: "-1" },
      "variants.csv:2 [direction] protective, while the weight is -1",
    ],
    [
      "two alleles on MT",
      { chrom: "chrM", start: "5", ref: "A", alts: "G" },
      "variants.csv:2 [genotype] two alleles on MT, where a person has one: A/G",
    ],
    [
      "two alleles on Y",
      { chrom: "Y", start: "5000000" },
      "variants.csv:2 [genotype] two alleles on Y, where a person has one: A/G",
    ],
    ["a column of no use", { colour: "red" }, "variants.csv:1 [colour] a column that nothing reads"],
    [
      "an allele that the place lacks",
      { genotype: "A/AC" },
      "variants.csv:2 [genotype] rs1 A/AC: an allele that 1:100 A>G does not have",
    ],
    [
      "the other strand",
      { genotype: "C/C" },
      "variants.csv:2 [genotype] rs1 C/C: an allele that 1:100 A>G does not have; it is there on the other strand",
    ],
  ])("with %s is told", (_what, cells, message) => {
    expect(problems({ variants: variant(cells) })).toContain(message);
  });

  test("one allele on X or MT is in order, and on the rest of them one base", () => {
    const place = { rsid: "", start: "5000000" };
    expect(problems({ variants: variant({ ...place, chrom: "X", genotype: "G" }) }).join()).not.toMatch(
      /one allele/,
    );
    expect(problems({ variants: variant({ ...place, chrom: "MT", genotype: "G" }) }).join()).not.toMatch(
      /one allele/,
    );
    expect(problems({ variants: variant({ rsid: "rs2", genotype: "G" }) }).join()).not.toMatch(/one allele/);
  });

  test("two alleles in a pseudo-autosomal region of Y are in order", () => {
    expect(problems({ variants: variant({ chrom: "Y", start: "50000" }) })).toEqual([]);
  });

  test("a row with more cells than the header is an error, with its line behind a cell of several lines", () => {
    const variants = 'rsid,genotype,state,conclusion\nrs1,A/G,neutral,"two\nlines"\nrs1,A/A,neutral,a,b\n';
    expect(problems({ variants })).toEqual([
      "!variants.csv:4 5 cells under a header of 4; put a cell with a comma in straight quotes",
    ]);
  });

  test("the same genotype of a variant twice is an error that names the first", () => {
    const message = "!variants.csv:3 [genotype] rs1 A/G is at variants.csv:2 already";
    expect(problems({ variants: `${VARIANTS}rs1,a/g,1,protective,b\n` })).toEqual([message]);
  });

  test("two places of one variant are an error", () => {
    const header = "rsid,chrom,start,ref,genotype,state,conclusion\n";
    const variants = `${header}rs1,1,100,A,A/G,neutral,a\nrs1,1,101,A,A/A,neutral,a\n`;
    expect(problems({ variants })).toEqual([
      "!variants.csv:3 [start] rs1 has another place or ref at variants.csv:2",
    ]);
  });

  test("an allele that the place lacks is an error when strict", () => {
    expect(problems({ variants: variant({ genotype: "A/T" }) }, true)[0]).toMatch(
      /^!variants\.csv:2 \[genotype\]/,
    );
  });

  test("variants without a coordinate are named in one warning", () => {
    const variants = `${VARIANTS}rs2,A/G,1,protective,a\nrs2,G/G,1,protective,a\n`;
    expect(problems({ variants })).toEqual([
      "variants.csv:3 [start] 2 genotypes of 1 variants have no coordinate: rs2",
    ]);
  });
});

test("statistics count what the module holds", () => {
  const module = parseModule("fixture", {
    "module_spec.yaml": SPEC,
    "variants.csv":
      "rsid,genotype,state,conclusion,gene,category,clinvar\nrs1,A/G,alt,a,B,x,true\nrs1,G/G,alt,a,A,x,\n",
    "studies.csv": STUDIES,
    "resolution.csv": null,
  });
  expect(isBroken(module) ? module.problems : statsOf(module)).toEqual({
    genotypes: 2,
    variants: 1,
    studies: 1,
    genes: ["A", "B"],
    categories: ["x"],
    clinvar: 1,
    pathogenic: 0,
    benign: 0,
  });
});
