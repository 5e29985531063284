import { describe, expect, test } from "vitest";

import { articleUrl, geneLinks, snpUrl } from "../../kernel/reports/links.ts";
import { grouped, moment } from "../../kernel/reports/numerals.ts";
import { plainData, plainText } from "../../kernel/reports/plain-text.ts";

describe("numbers", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [4_257_537, "4,257,537"],
    [-1234.5, "−1,234.5"],
  ])("%s is grouped as %s", (value, text) => {
    expect(grouped(value)).toBe(text);
  });

  test("a moment is in words, and another text as it is", () => {
    expect(moment("2026-11-22T14:02:31.123Z")).toBe("22 Nov 2026, 14:02 UTC");
    expect(moment("yesterday")).toBe("yesterday");
  });
});

describe("links", () => {
  test("lead to one article or one variant by its digits, and nowhere else", () => {
    expect(snpUrl("rs429358")).toBe("https://www.ncbi.nlm.nih.gov/snp/rs429358");
    expect(articleUrl("21498624")).toBe("https://pubmed.ncbi.nlm.nih.gov/21498624/");
    for (const bad of ["", "javascript:alert(1)", "rs1/../x", "rs1;rs2", "1?x=1", "//evil"]) {
      expect(snpUrl(bad)).toBeNull();
      expect(articleUrl(bad)).toBeNull();
    }
  });

  test("of a cell with several genes are one each, in the resource asked for", () => {
    expect(geneLinks("APOE| TOMM40", "hagr")).toEqual([
      { text: "APOE", url: "https://genomics.senescence.info/longevity/gene.php?id=APOE" },
      { text: "TOMM40", url: "https://genomics.senescence.info/longevity/gene.php?id=TOMM40" },
    ]);
    expect(geneLinks("FTO", "ncbi")[0]?.url).toContain("https://www.ncbi.nlm.nih.gov/gene/?term=FTO");
    expect(geneLinks("<b>,javascript:1", "ncbi").map(({ url }) => url)).toEqual([null, null]);
  });
});

describe("text of a file", () => {
  test.each([
    ["plain – ε4 é", "plain – ε4 é"],
    ["a\u202eb", "a⟨U+202E⟩b"],
    ["a\u0000\u001b[31mb", "a⟨U+0000⟩⟨U+001B⟩[31mb"],
    ["a\ud800b", "a\ufffdb"],
    ["\ufeffa\u2028b", "⟨U+FEFF⟩a⟨U+2028⟩b"],
    ["\u{e0041}", "⟨U+E0041⟩"],
    ["a\r\nb\tc", "a\nb\tc"],
    ["𝒜", "𝒜"],
  ])("%j shows as %j", (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test("that is over-long is cut and says by how much", () => {
    expect(plainText("A".repeat(5000))).toMatch(/^A{4000} … \(1000 more characters\)$/);
  });

  test("is cleaned at any depth, and a key of the prototype stays a key", () => {
    const cleaned = plainData(JSON.parse('{"__proto__": {"a": ["\\u202e"]}, "n": 1, "z": null}') as object);
    expect(Object.getPrototypeOf(cleaned)).toBe(Object.prototype);
    expect(JSON.stringify(cleaned)).toBe('{"__proto__":{"a":["⟨U+202E⟩"]},"n":1,"z":null}');
  });
});
