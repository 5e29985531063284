/** Places the assets of a graph in layers, each below (or right of) all it is made from. Pure. */

export interface LayoutNode {
  readonly key: string;
  readonly upstream: readonly string[];
  /** Pixels. */
  readonly width: number;
}

export interface LayoutOptions {
  /** Which way the data flows. */
  readonly direction: "down" | "right";
  readonly nodeHeight: number;
  /** Between nodes of a layer. */
  readonly gap: number;
  /** Between layers, room for the edges. */
  readonly layerGap: number;
  /** A layer that is wider is broken into rows; only for `down`. */
  readonly maxWidth: number;
}

/** Top left corner and size, in pixels. */
export interface PlacedNode {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** An SVG path. */
  readonly path: string;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/** Passes of the ordering within layers; more change little. */
const ORDERING_PASSES = 4;

/** Edges to assets that are not among `nodes` are left out; a ring is cut where it closes. */
export function layoutGraph(nodes: readonly LayoutNode[], options: LayoutOptions): Layout {
  const layers = ordered(layersOf(nodes), nodes);
  const rows = layers.flatMap((layer) => (options.direction === "down" ? broken(layer, options) : [layer]));
  return options.direction === "down" ? placeDown(rows, nodes, options) : placeRight(rows, nodes, options);
}

function layersOf(nodes: readonly LayoutNode[]): LayoutNode[][] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const depth = new Map<string, number>();
  const visit = (node: LayoutNode, path: ReadonlySet<string>): number => {
    const known = depth.get(node.key);
    if (known !== undefined) return known;
    const within = new Set([...path, node.key]);
    let own = 0;
    for (const name of node.upstream) {
      const above = byKey.get(name);
      if (above !== undefined && !within.has(name)) own = Math.max(own, visit(above, within) + 1);
    }
    depth.set(node.key, own);
    return own;
  };
  const layers: LayoutNode[][] = [];
  for (const node of nodes) (layers[visit(node, new Set())] ??= []).push(node);
  return layers;
}

/** Each layer in the order of the middle of its neighbours, so that few edges cross. */
function ordered(layers: LayoutNode[][], nodes: readonly LayoutNode[]): LayoutNode[][] {
  const below = new Map<string, string[]>(nodes.map((node) => [node.key, []]));
  for (const node of nodes) for (const name of node.upstream) below.get(name)?.push(node.key);
  const position = new Map<string, number>();
  const number = (layer: readonly LayoutNode[]): void => {
    for (const [index, node] of layer.entries()) position.set(node.key, (index + 0.5) / layer.length);
  };
  for (const layer of layers) number(layer);
  const middle = (node: LayoutNode, names: readonly string[]): number => {
    const known = names.flatMap((name) => position.get(name) ?? []);
    return known.length === 0
      ? (position.get(node.key) ?? 0)
      : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  let result = layers;
  for (let pass = 0; pass < ORDERING_PASSES; pass++) {
    const upward = pass % 2 === 1;
    result = result.map((layer) => {
      const sorted = layer.toSorted((a, b) =>
        upward
          ? middle(a, below.get(a.key) ?? []) - middle(b, below.get(b.key) ?? [])
          : middle(a, a.upstream) - middle(b, b.upstream),
      );
      number(sorted);
      return sorted;
    });
  }
  return result;
}

/** A layer in rows that are no wider than allowed; a node that is too wide has a row of its own. */
function broken(layer: readonly LayoutNode[], options: LayoutOptions): LayoutNode[][] {
  const rows: LayoutNode[][] = [];
  let width = Infinity;
  for (const node of layer) {
    if (width + options.gap + node.width > options.maxWidth) {
      rows.push([]);
      width = -options.gap;
    }
    rows.at(-1)?.push(node);
    width += options.gap + node.width;
  }
  return rows;
}

function placeDown(
  rows: readonly LayoutNode[][],
  nodes: readonly LayoutNode[],
  options: LayoutOptions,
): Layout {
  const widths = rows.map((row) =>
    spread(
      row.map((node) => node.width),
      options.gap,
    ),
  );
  const width = Math.max(0, ...widths);
  const placed = new Map<string, PlacedNode>();
  for (const [index, row] of rows.entries()) {
    let x = (width - (widths[index] ?? 0)) / 2;
    const y = index * (options.nodeHeight + options.layerGap);
    for (const node of row) {
      placed.set(node.key, { key: node.key, x, y, width: node.width, height: options.nodeHeight });
      x += node.width + options.gap;
    }
  }
  const height = rows.length * options.nodeHeight + Math.max(0, rows.length - 1) * options.layerGap;
  return { nodes: [...placed.values()], edges: edges(nodes, placed, "down"), width, height };
}

function placeRight(
  columns: readonly LayoutNode[][],
  nodes: readonly LayoutNode[],
  options: LayoutOptions,
): Layout {
  const heights = columns.map((column) =>
    spread(
      column.map(() => options.nodeHeight),
      options.gap,
    ),
  );
  const height = Math.max(0, ...heights);
  const placed = new Map<string, PlacedNode>();
  let x = 0;
  for (const [index, column] of columns.entries()) {
    const width = Math.max(0, ...column.map((node) => node.width));
    let y = (height - (heights[index] ?? 0)) / 2;
    for (const node of column) {
      placed.set(node.key, { key: node.key, x, y, width, height: options.nodeHeight });
      y += options.nodeHeight + options.gap;
    }
    x += width + options.layerGap;
  }
  const width = Math.max(0, x - options.layerGap);
  return { nodes: [...placed.values()], edges: edges(nodes, placed, "right"), width, height };
}

function spread(sizes: readonly number[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, sizes.length - 1) * gap;
}

function edges(
  nodes: readonly LayoutNode[],
  placed: ReadonlyMap<string, PlacedNode>,
  direction: LayoutOptions["direction"],
): PlacedEdge[] {
  return nodes.flatMap((node) =>
    node.upstream.flatMap((name) => {
      const [from, to] = [placed.get(name), placed.get(node.key)];
      if (from === undefined || to === undefined || from === to) return [];
      return [{ from: name, to: node.key, path: direction === "down" ? down(from, to) : right(from, to) }];
    }),
  );
}

function down(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
  const middle = (y1 + y2) / 2;
  return `M${r(x1)} ${r(y1)}C${r(x1)} ${r(middle)} ${r(x2)} ${r(middle)} ${r(x2)} ${r(y2)}`;
}

function right(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${r(x1)} ${r(y1)}C${r(middle)} ${r(y1)} ${r(middle)} ${r(y2)} ${r(x2)} ${r(y2)}`;
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
