import { describe, expect, test } from "vitest";

import { genomeEnding, genomeStem } from "#protocol/genome-name.ts";

import { readVerb } from "../../ui/connection/verbs.ts";
import { samplesIn } from "../../ui/connection/upload.ts";
import { layoutGraph } from "../../ui/lineage/layout.ts";
import { centred, fitted, panned, seen, zoomed } from "../../ui/lineage/viewport.ts";
import { catalogue } from "../../ui/pages/catalogue.ts";
import { commonName, transferLeft } from "../../ui/pages/sample-name.ts";
import { bars, runSeconds } from "../../ui/pages/timeline.ts";
import { sectionFrom } from "../../ui/shell/section.ts";
import { gridCommand } from "../../ui/table/grid-keys.ts";
import { asset, key, run, step } from "./views.ts";

describe("the time line of a run", () => {
  const started = Date.parse("2026-01-01T00:00:00Z");
  const done = step("a", { state: "done", startedAt: "2026-01-01T00:00:01Z", seconds: 2 });
  const running = step("b", { state: "running", startedAt: "2026-01-01T00:00:03Z" });

  test("a step stands where it ran, a running one reaches to now, a waiting one is nowhere", () => {
    const shown = bars(run(1, "running", [done, running, step("c")]), started + 4000);
    expect(shown.map((bar) => bar.place)).toEqual([
      { left: 0.25, width: 0.5 },
      { left: 0.75, width: 0.25 },
      null,
    ]);
  });

  test("an instant step is still seen, and inside the line", () => {
    const [bar] = bars(run(1, "running", [{ ...running, state: "done", seconds: 0 }]), started + 3000);
    expect(bar?.place?.width).toBeGreaterThan(0);
    expect((bar?.place?.left ?? 1) + (bar?.place?.width ?? 1)).toBeLessThanOrEqual(1);
    expect(runSeconds({ ...run(1, "done", []), endedAt: "2026-01-01T00:00:09Z" }, 0)).toBe(9);
  });
});

test("the catalogue finds by every word, by kind and by the word of a state", () => {
  const assets = [
    asset("hits"),
    asset("genome", { kind: "normalise" }),
    asset("all_hits", { kind: "annotate" }),
  ];
  const states = new Map([[key("hits"), { name: "fresh" as const }]]);
  const find = (search: string, kind = "", state = ""): string[] =>
    catalogue(assets, states, { search, kind, state }).map((one) => one.key);
  expect(find("hits")).toEqual(["all_hits", "hits"]);
  expect(find("hits sql")).toEqual(["hits"]);
  expect(find("", "normalise")).toEqual(["genome"]);
  expect(find("", "", "fresh")).toEqual(["hits"]);
});

describe("files that become samples", () => {
  test.each([
    ["/data/NA12878.vcf.gz", "NA12878"],
    ["C:\\data\\me.g.vcf.bgz", "me"],
    ["plain.vcf", "plain"],
    ["genome_Anna_v5_Full.txt", "genome_Anna_v5_Full"],
    ["37_A_Chrom_Autoso.csv.gz", "37_A_Chrom_Autoso"],
    ["genome_v5.zip", "genome_v5"],
    ["AncestryDNA.txt.zip", "AncestryDNA"],
  ])("%s is the sample %s", (path, name) => {
    expect(genomeStem(path)).toBe(name);
    expect(genomeEnding(path)).not.toBe("");
  });

  test.each([
    [["anna.snp.vcf.gz", "anna.indel.vcf.gz"], "anna"],
    [["anna_chr1.vcf", "anna_chr2.vcf"], "anna"],
    [["chr1.vcf", "chrX.vcf"], ""],
    [["snp.vcf", "indel.vcf"], ""],
  ])("%j are together the sample %j", (names, name) => expect(commonName(names)).toBe(name));

  test("a picture is no genome file", () => expect(genomeEnding("vcf.png")).toBe(""));

  test("the time that is left follows the rate, and is unknown at first", () => {
    expect(transferLeft(25, 100, 10)).toBe(30);
    expect(transferLeft(0, 100, 10)).toBeNull();
    expect(transferLeft(25, 100, 0.1)).toBeNull();
  });

  test("only text names a sample of a file", () => {
    expect(samplesIn({ samples: ["A", 7, "B"] })).toEqual(["A", "B"]);
    expect(samplesIn(null)).toEqual([]);
  });
});

describe("the answer to a verb", () => {
  test("progress is passed over and the result is taken", () => {
    expect(readVerb('{"progress":{"phase":"x"},"asset":null}\n{"result":{"n":1}}\n')).toEqual({ n: 1 });
  });

  test.each([
    ['{"error":{"code":"usage","message":"no such partition: x/y"}}\n', "no such partition: x/y"],
    ['{"progress":{}}\n{"resu', "cut off"],
  ])("%s is an error", (text, message) => expect(() => readVerb(text)).toThrow(message));
});

describe("the sheet of the lineage", () => {
  const screen = { width: 800, height: 600 };
  const nodes = Array.from({ length: 1000 }, (_, index) => ({
    key: `n${index}`,
    upstream: index < 40 ? [] : [`n${index - 40}`],
    width: 120,
  }));
  const layout = layoutGraph(nodes, { nodeHeight: 38, gap: 10, layerGap: 28 });

  test("of a thousand assets only those in view are drawn", () => {
    const drawn = seen(layout, { x: 0, y: 0, zoom: 1 }, screen);
    expect(layout.nodes).toHaveLength(1000);
    expect(drawn.nodes.length).toBeGreaterThan(10);
    expect(drawn.nodes.length).toBeLessThan(250);
  });

  test("zoomed, what is under the pointer stays there", () => {
    const before = { x: 10, y: 20, zoom: 1 };
    const after = zoomed(before, 1.5, { x: 300, y: 100 });
    expect(after.x + 300 / after.zoom).toBeCloseTo(310);
    expect(after.y + 100 / after.zoom).toBeCloseTo(120);
    expect(panned(before, 30, -10)).toEqual({ x: -20, y: 30, zoom: 1 });
  });

  test("all of it fits, and one asset can be brought to the middle", () => {
    const all = fitted(layout, screen);
    expect(layout.width * all.zoom).toBeLessThanOrEqual(screen.width);
    const middle = centred({ x: 0, y: 0, zoom: 1 }, { x: 1000, y: 500, width: 100, height: 40 }, screen);
    expect(middle).toEqual({ x: 650, y: 220, zoom: 1 });
  });
});

test.each([
  ["#/samples", "samples"],
  ["#/nonsense", "notebook"],
  ["#cell-runs", "notebook"],
  ["", "notebook"],
])("the address %s shows %s", (hash, section) => expect(sectionFrom(hash)).toBe(section));

test.each([
  [{ key: "s" }, "sort"],
  [{ key: "S", shiftKey: true }, "sort-too"],
  [{ key: "c", ctrlKey: true }, "copy"],
  [{ key: "C", metaKey: true, shiftKey: true }, "copy-with-header"],
  [{ key: "g", ctrlKey: true }, "go-to"],
  [{ key: "ArrowDown", shiftKey: true }, "stretch-down"],
  [{ key: "ArrowDown" }, null],
  [{ key: "s", altKey: true }, null],
] as const)("the key %j in a table means %s", (press, command) => {
  const nothing = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
  expect(gridCommand({ ...nothing, ...press })).toBe(command);
});
