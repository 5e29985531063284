/** What leads an edge of a graph past the layers between its ends. Pure. */

import type { Wired } from "../state/inputs-first.ts";

/** The room that an edge has in a layer that it passes. Edges of one asset share it. */
export interface Waypoint extends Wired {
  readonly waypoint: true;
}

/** Pixels. */
export const WAYPOINT_HEIGHT = 8;
/** Layers. An edge over more of them goes straight to its end: led past all, it would fill the sheet. */
const LONGEST = 32;

/** The layers with a waypoint in each that an edge passes. What it leads to is wired to the last of them. */
export function withWaypoints<Node extends Wired>(layers: readonly Node[][]): (Node | Waypoint)[][] {
  const layerOf = new Map(layers.flatMap((layer, index) => layer.map(({ key }) => [key, index] as const)));
  const waypoints = new Map<string, Waypoint>();
  const whole: (Node | Waypoint)[][] = layers.map(() => []);
  for (const [layer, nodes] of layers.entries()) {
    for (const node of nodes) {
      const upstream = node.upstream.map((name) => {
        const from = layerOf.get(name) ?? layer;
        let last = name;
        for (const [index, key] of waypointsBetween(name, from, layer).entries()) {
          if (!waypoints.has(key)) {
            const waypoint: Waypoint = { key, upstream: [last], waypoint: true };
            waypoints.set(key, waypoint);
            whole[from + 1 + index]?.push(waypoint);
          }
          last = key;
        }
        return last;
      });
      whole[layer]?.push({ ...node, upstream });
    }
  }
  return whole;
}

/** Keys of the waypoints of an edge from layer `from` to layer `to`, in its direction. */
export function waypointsBetween(name: string, from: number, to: number): string[] {
  const passed = to - from - 1;
  if (passed < 1 || passed > LONGEST) return [];
  return Array.from({ length: passed }, (_, index) => JSON.stringify([name, from + 1 + index]));
}
