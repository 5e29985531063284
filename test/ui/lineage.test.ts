import { describe, expect, test } from "vitest";

import { graphNodes, groupState } from "../../ui/lineage/groups.ts";
import { layoutGraph } from "../../ui/lineage/layout.ts";
import { layRails } from "../../ui/lineage/rails.ts";
import { cellStates } from "../../ui/state/cell-state.ts";
import { asset, key } from "./views.ts";

const OPTIONS = { nodeHeight: 40, gap: 10, layerGap: 30 };

/** Written as `child: parents`. */
function graph(text: string): { key: string; upstream: string[]; width: number }[] {
  return text.split("; ").map((part) => {
    const [name = "", parents = ""] = part.split(": ");
    return { key: name, upstream: parents === "" ? [] : parents.split(" "), width: 100 };
  });
}

/** Points along a path of `M`, `C` and `H`. */
function pointsOf(path: string): [number, number][] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([MCH])([^MCH]*)/g)].flatMap(([, command, text = ""]): [number, number][] => {
    const n = text.split(" ").map(Number);
    const [x0, y0] = [x, y];
    x = n.at(command === "H" ? 0 : -2) ?? Number.NaN;
    y = command === "H" ? y0 : (n.at(-1) ?? Number.NaN);
    return Array.from({ length: 21 }, (_, step): [number, number] => {
      const t = step / 20;
      const s = 1 - t;
      const [x1 = x0, y1 = y0, x2 = x, y2 = y] = command === "C" ? n : [x0, y0, x, y];
      const along = (a: number, b: number, c: number, d: number): number =>
        s ** 3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t ** 3 * d;
      return command === "M" ? [x, y] : [along(x0, x1, x2, x), along(y0, y1, y2, y)];
    });
  });
}

const SHAPES = [
  "a",
  "a; b: a",
  "a; b; c: a b; d: c; e: a d",
  "a; b: a; c: a; d: b c; e",
  "a; b: a; c: b a; d: c b a; e: d a; f: a; g: f d",
  "r: s; s: r",
  "self: self; x: self",
];

describe("layers", () => {
  test.each(SHAPES)("every asset of %s stands right of what it is made from, and none on another", (text) => {
    const nodes = graph(text);
    const { nodes: placed } = layoutGraph(nodes, OPTIONS);
    expect(placed).toHaveLength(nodes.length);
    const at = new Map(placed.map((node) => [node.key, node]));
    const ring = text.startsWith("r:") || text.startsWith("self");
    for (const node of nodes) {
      for (const name of ring ? [] : node.upstream) {
        expect(at.get(node.key)?.x).toBeGreaterThan((at.get(name)?.x ?? 0) + 99);
      }
    }
    for (const one of placed) {
      for (const other of placed) {
        if (one !== other && one.x === other.x) expect(Math.abs(one.y - other.y)).toBeGreaterThanOrEqual(50);
      }
    }
  });

  test.each(SHAPES)("no edge of %s passes an asset that it neither begins nor ends at", (text) => {
    const { nodes, edges } = layoutGraph(graph(text), OPTIONS);
    for (const edge of edges) {
      const others = nodes.filter(({ key: name }) => name !== edge.from && name !== edge.to);
      for (const [x, y] of pointsOf(edge.path)) {
        const under = others.filter((one) => x > one.x && x < one.x + 100 && y > one.y && y < one.y + 40);
        expect(under.map(({ key: name }) => `${edge.from}–${edge.to} behind ${name}`)).toEqual([]);
      }
    }
  });

  test("a source stands next to its first reader, not at the far left", () => {
    const { nodes } = layoutGraph(graph("a; b: a; c: b late; late"), OPTIONS);
    const x = new Map(nodes.map((node) => [node.key, node.x]));
    expect(x.get("late")).toBe(x.get("b"));
  });

  test("an edge to an asset that is not shown is left out", () => {
    expect(layoutGraph(graph("b: hidden"), OPTIONS).edges).toEqual([]);
  });
});

describe("rails", () => {
  test.each(SHAPES)("rows of %s come after what they are made from", (text) => {
    const { rows, edges } = layRails(graph(text));
    expect(rows).toHaveLength(graph(text).length);
    for (const edge of edges) expect(edge.fromRow).toBeLessThan(edge.toRow);
  });

  test.each(SHAPES)("no rail of %s passes through the mark of another asset", (text) => {
    const { rows, edges } = layRails(graph(text));
    for (const edge of edges) {
      const between = rows.slice(edge.fromRow + 1, edge.toRow);
      expect(between.every((row) => row.lane !== edge.fromLane)).toBe(true);
    }
  });

  test("a chain stays on one rail", () => {
    expect(layRails(graph("a; b: a; c: b")).lanes).toBe(1);
  });
});

describe("groups", () => {
  const modules = ["m1", "m2", "m3"].map((name) =>
    asset(name, { external: true, notebook: null, kind: "module", downstream: [key("set")] }),
  );
  const assets = [...modules, asset("set", { upstream: modules.map((one) => one.key) })];

  test("sources that feed the same asset are one node until it is opened", () => {
    const [group, set] = graphNodes(assets, new Set());
    expect(group).toMatchObject({ label: "3 modules ▸", assets: ["m1", "m2", "m3"], group: true });
    expect(set?.upstream).toEqual([group?.key]);
    expect(graphNodes(assets, new Set([group?.key ?? ""]))).toHaveLength(4);
  });

  test("two are drawn one by one", () => {
    expect(graphNodes(modules.slice(1), new Set())).toHaveLength(2);
  });

  test("a group shows the member that needs something", () => {
    const gone = asset("m2", {
      external: true,
      notebook: null,
      kind: "module",
      downstream: [key("set")],
      status: { state: "missing" },
    });
    const changed = assets.map((one) => (one.key === gone.key ? gone : one));
    const states = cellStates({ assets: changed, runs: [], stopping: new Set(), offline: false });
    const [group] = graphNodes(changed, new Set());
    expect(group === undefined ? null : groupState(group, states)).toBe("missing");
  });
});

describe("a large graph", () => {
  const chain = (
    count: number,
    first: readonly string[],
  ): { key: string; upstream: string[]; width: number }[] =>
    Array.from({ length: count }, (_, at) => ({
      key: `a${at}`,
      upstream: at === 0 ? [...first] : [`a${at - 1}`],
      width: 100,
    }));
  const options = { nodeHeight: 38, gap: 10, layerGap: 28 };

  test("of a thousand assets is laid out in a moment", () => {
    const nodes = Array.from({ length: 1_000 }, (_, at) => ({
      key: `a${at}`,
      upstream: at < 40 ? [] : [40, 39, 1 + ((at * 7) % 40)].map((back) => `a${at - back}`),
      width: 100,
    }));
    const began = performance.now();
    const layout = layoutGraph(nodes, options);
    layRails(nodes);
    expect(layout.nodes).toHaveLength(1_000);
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test("may be a chain of any length, or a ring, and is still drawn whole", () => {
    for (const nodes of [chain(10_000, []), chain(10_000, []).toReversed(), chain(10_000, ["a9999"])]) {
      expect(layoutGraph(nodes, options).nodes).toHaveLength(10_000);
      expect(layRails(nodes).rows).toHaveLength(10_000);
    }
  });
});
