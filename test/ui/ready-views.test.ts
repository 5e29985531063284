// @vitest-environment jsdom
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";

import { VIEW_NAMES } from "../../ui/js/builtin-names.ts";
import { views } from "../../ui/views/index.ts";

const HITS = [
  {
    module: "a",
    gene: "APOE",
    rsid: "rs1",
    genotype: ["C", "T"],
    chrom: "19",
    start: 44_908_684,
    weight: -1.5,
  },
  {
    module: "a",
    gene: "FOXO3",
    rsid: "rs2",
    genotype: ["A", "A"],
    chrom: "6",
    start: 108_587_315,
    weight: 0.5,
  },
  { module: "a", gene: null, rsid: "rs3", genotype: ["G", "G"], chrom: "MT", start: 100, weight: null },
  { module: "b", gene: "CETP", rsid: "rs4", genotype: ["A", "G"], chrom: "16", start: 1000, weight: 8 },
];

function drawn(
  name: string,
  table: Iterable<unknown>,
  options?: object,
): { element: HTMLElement; caption: string } {
  const view = views[name];
  if (view === undefined) throw new Error(`no view ${name}`);
  const element = view(table, options);
  return {
    element,
    caption: element.querySelector(":scope > figcaption")?.textContent ?? element.textContent ?? "",
  };
}

/** Rows of the text alternative. */
function asTable(element: HTMLElement): string[] {
  return [...element.querySelectorAll("details tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent).join("|"),
  );
}

describe("the ready views", () => {
  test("are those that cells can name", () => {
    expect(Object.keys(views).toSorted()).toEqual([...VIEW_NAMES].toSorted());
  });

  test("the karyogram draws one tick for each hit on a chromosome", () => {
    const { element, caption } = drawn("karyogram", HITS);
    expect(element.querySelectorAll('g[aria-label="tick"] line')).toHaveLength(3);
    expect(caption).toBe("3 hits on 3 chromosomes, at their positions.");
    expect(asTable(element)[0]).toBe("APOE rs1 C/T|a|19|44908684|-1.5");
  });

  test("the lollipop keeps to one module, the one with most weights when none is said", () => {
    const { element, caption } = drawn("lollipop", HITS);
    expect(caption).toBe("Weights of 2 hits of a, on its own scale.");
    expect(element.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(2);
    expect(asTable(drawn("lollipop", HITS, { module: "b" }).element)).toEqual(["CETP rs4 A/G|8|"]);
  });

  test("the waterfall adds up, the strongest first", () => {
    const { element, caption } = drawn("waterfall", HITS, { module: "a" });
    expect(asTable(element)).toEqual(["APOE rs1 C/T|-1.5|-1.5", "FOXO3 rs2 A/A|0.5|-1"]);
    expect(caption).toBe("The weights of 2 hits of a add up to -1.");
  });

  test("the category bars count hits by the sign of their weight", () => {
    expect(asTable(drawn("categoryBars", HITS).element)).toEqual([
      "a|negative|1",
      "a|positive|1",
      "a|neutral|1",
      "b|positive|1",
    ]);
  });

  test("Ti/Tv is the ratio of the counts; what is no substitution of one base does not count", () => {
    const { caption } = drawn("tiTv", [
      { ref: "A", alt: "G", variants: 30 },
      { ref: "C", alt: "T", variants: 11n },
      { ref: "A", alt: "C", variants: 20 },
      { ref: "A", alt: "AT", variants: 99 },
    ]);
    expect(caption).toBe("Transitions to transversions: 2.05 (41 to 20).");
  });

  test("the histograms take Arrow tables, also with 64-bit counts", () => {
    const table = tableFromArrays({
      phred: Float64Array.of(20, 22, 24),
      variants: BigInt64Array.of(1n, 2n, 3n),
    });
    const { element, caption } = drawn("qualityHistogram", table);
    expect(caption).toBe("6 variants by the quality of their call, Phred-scaled.");
    expect(asTable(element)).toEqual(["20–22|1", "22–24|2", "24–26|3"]);
    expect(drawn("alleleBalance", [{ balance: 0.5, variants: 4 }]).caption).toMatch(/^4 heterozygous calls/);
  });

  test.each(VIEW_NAMES)(
    "%s of nothing says that there is nothing, and its picture has words otherwise",
    (name) => {
      const { element } = drawn(name, []);
      expect(element.tagName).toBe("P");
      expect(element.textContent).not.toBe("");
    },
  );

  test("a picture is an image with a name", () => {
    const picture = drawn("lollipop", HITS).element.querySelector("[role=img]");
    expect(picture?.getAttribute("aria-label")).toMatch(/^Weights of 2 hits/);
  });
});
