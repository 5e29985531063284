/** Places the assets of a graph in layers, each right of all it is made from. Pure. */

import { depthsOf } from "../state/inputs-first.ts";

export interface LayoutNode {
  readonly key: string;
  readonly upstream: readonly string[];
  /** Pixels. */
  readonly width: number;
}

export interface LayoutOptions {
  readonly nodeHeight: number;
  /** Between nodes of a layer. */
  readonly gap: number;
  /** Between layers, room for the edges. */
  readonly layerGap: number;
}

/** Top left corner and size, in pixels. */
export interface PlacedNode {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface PlacedEdge {
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
  return placed(ordered(layersOf(nodes), nodes), nodes, options);
}

function layersOf(nodes: readonly LayoutNode[]): LayoutNode[][] {
  const depth = depthsOf(nodes);
  lowerSources(nodes, depth);
  const layers: LayoutNode[][] = [];
  for (const node of nodes) (layers[depth.get(node.key) ?? 0] ??= []).push(node);
  // A layer of which every asset was lowered has nothing in it.
  return layers.filter((layer) => layer.length > 0);
}

/** What is made from nothing stands right above the first asset that reads it: short edges, fewer in a layer. */
function lowerSources(nodes: readonly LayoutNode[], depth: Map<string, number>): void {
  const known = new Set(nodes.map((node) => node.key));
  const first = new Map<string, number>();
  for (const node of nodes) {
    const own = depth.get(node.key) ?? 0;
    for (const name of node.upstream) first.set(name, Math.min(own, first.get(name) ?? Infinity));
  }
  for (const node of nodes) {
    const reader = first.get(node.key);
    if (reader === undefined || node.upstream.some((name) => known.has(name))) continue;
    depth.set(node.key, Math.max(0, reader - 1));
  }
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

function placed(
  layers: readonly LayoutNode[][],
  nodes: readonly LayoutNode[],
  options: LayoutOptions,
): Layout {
  const heights = layers.map((layer) =>
    spread(
      layer.map(() => options.nodeHeight),
      options.gap,
    ),
  );
  const height = Math.max(0, ...heights);
  const places = new Map<string, PlacedNode>();
  let x = 0;
  for (const [index, layer] of layers.entries()) {
    const width = Math.max(0, ...layer.map((node) => node.width));
    let y = (height - (heights[index] ?? 0)) / 2;
    for (const node of layer) {
      places.set(node.key, { key: node.key, x, y, width, height: options.nodeHeight });
      y += options.nodeHeight + options.gap;
    }
    x += width + options.layerGap;
  }
  const width = Math.max(0, x - options.layerGap);
  return { nodes: [...places.values()], edges: edges(nodes, places), width, height };
}

function spread(sizes: readonly number[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, sizes.length - 1) * gap;
}

function edges(nodes: readonly LayoutNode[], places: ReadonlyMap<string, PlacedNode>): PlacedEdge[] {
  return nodes.flatMap((node) =>
    node.upstream.flatMap((name) => {
      const [from, to] = [places.get(name), places.get(node.key)];
      return from === undefined || to === undefined || from === to
        ? []
        : [{ from: name, to: node.key, path: curve(from, to) }];
    }),
  );
}

function curve(from: PlacedNode, to: PlacedNode): string {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + from.height / 2, to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${r(x1)} ${r(y1)}C${r(middle)} ${r(y1)} ${r(middle)} ${r(y2)} ${r(x2)} ${r(y2)}`;
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
