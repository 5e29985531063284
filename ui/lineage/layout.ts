/** Places the assets of a graph in layers, each right of all it is made from. Pure. */

import { depthsOf } from "../state/inputs-first.ts";
import { WAYPOINT_HEIGHT, waypointsBetween, withWaypoints } from "./waypoints.ts";
import type { Waypoint } from "./waypoints.ts";

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

/**
 * Edges to assets that are not among `nodes` are left out; a ring is cut where it closes. An edge that passes a layer
 * goes between what stands there: behind an asset, it would seem to begin or end there.
 */
export function layoutGraph(nodes: readonly LayoutNode[], options: LayoutOptions): Layout {
  return placed(ordered(withWaypoints(layersOf(nodes))), nodes, options);
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

/** What stands in a layer. */
type Standing = LayoutNode | Waypoint;

/** Each layer in the order of the middle of its neighbours, so that few edges cross. */
function ordered(layers: readonly Standing[][]): readonly Standing[][] {
  const all = layers.flat();
  const below = new Map<string, string[]>(all.map((node) => [node.key, []]));
  for (const node of all) for (const name of node.upstream) below.get(name)?.push(node.key);
  const position = new Map<string, number>();
  const number = (layer: readonly Standing[]): void => {
    for (const [index, node] of layer.entries()) position.set(node.key, (index + 0.5) / layer.length);
  };
  for (const layer of layers) number(layer);
  const middle = (node: Standing, names: readonly string[]): number => {
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

function placed(layers: readonly Standing[][], nodes: readonly LayoutNode[], options: LayoutOptions): Layout {
  const sizes = layers.map((layer) => layer.map((one) => heightOf(one, options)));
  const heights = sizes.map((layer) => spread(layer, options.gap));
  const height = Math.max(0, ...heights);
  const places = new Map<string, PlacedNode>();
  let x = 0;
  for (const [index, layer] of layers.entries()) {
    const width = Math.max(0, ...layer.map((one) => ("waypoint" in one ? 0 : one.width)));
    let y = (height - (heights[index] ?? 0)) / 2;
    for (const [at, { key }] of layer.entries()) {
      const own = sizes[index]?.[at] ?? 0;
      places.set(key, { key, x, y, width, height: own });
      y += own + options.gap;
    }
    x += width + options.layerGap;
  }
  const layerOf = new Map(layers.flatMap((layer, index) => layer.map(({ key }) => [key, index] as const)));
  return {
    nodes: nodes.flatMap(({ key }) => places.get(key) ?? []),
    edges: edges(nodes, places, layerOf),
    width: Math.max(0, x - options.layerGap),
    height,
  };
}

function heightOf(one: Standing, { nodeHeight }: LayoutOptions): number {
  return "waypoint" in one ? WAYPOINT_HEIGHT : nodeHeight;
}

function spread(sizes: readonly number[], gap: number): number {
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, sizes.length - 1) * gap;
}

function edges(
  nodes: readonly LayoutNode[],
  places: ReadonlyMap<string, PlacedNode>,
  layerOf: ReadonlyMap<string, number>,
): PlacedEdge[] {
  return nodes.flatMap((node) =>
    node.upstream.flatMap((name) => {
      const [from, to] = [places.get(name), places.get(node.key)];
      if (from === undefined || to === undefined || from === to) return [];
      const between = waypointsBetween(name, layerOf.get(name) ?? 0, layerOf.get(node.key) ?? 0);
      const path = pathThrough([from, ...between.flatMap((key) => places.get(key) ?? []), to]);
      return [{ from: name, to: node.key, path }];
    }),
  );
}

/** From the right end of the first place, along each one between, to the left end of the last. */
function pathThrough(places: readonly PlacedNode[]): string {
  return places
    .map((place, index) => {
      const before = places[index - 1];
      const y = r(place.y + place.height / 2);
      if (before === undefined) return `M${r(place.x + place.width)} ${y}`;
      const y0 = r(before.y + before.height / 2);
      const middle = r((before.x + before.width + place.x) / 2);
      const along = index === places.length - 1 ? "" : `H${r(place.x + place.width)}`;
      return `C${middle} ${y0} ${middle} ${y} ${r(place.x)} ${y}${along}`;
    })
    .join("");
}

function r(value: number): number {
  return Math.round(value * 10) / 10;
}
