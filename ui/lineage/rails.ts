/**
 * A graph as a list beside rails, for where there is height and little width: one row an asset, each below
 * all it is made from, every asset with outputs on a rail of its own down to the last that reads it. No
 * edge ever passes behind a row's mark, so what is made from what stays plain. Pure.
 */

import { inputsFirst } from "../state/inputs-first.ts";

export interface RailNode {
  readonly key: string;
  readonly upstream: readonly string[];
}

interface RailRow {
  readonly key: string;
  /** Rail of its mark, from 0 at the left. */
  readonly lane: number;
}

/** From the mark of `from`, down its rail, into the mark of `to`; rows and lanes. */
export interface RailEdge {
  readonly from: string;
  readonly to: string;
  readonly fromRow: number;
  readonly fromLane: number;
  readonly toRow: number;
  readonly toLane: number;
}

export interface Rails {
  readonly rows: readonly RailRow[];
  readonly edges: readonly RailEdge[];
  readonly lanes: number;
}

/** Edges to what is not among `nodes` are left out; a ring is cut where it closes. */
export function layRails(nodes: readonly RailNode[]): Rails {
  const order = ordered(nodes);
  const row = new Map(order.map((node, index) => [node.key, index]));
  const lastReader = new Map<string, number>();
  for (const node of order) {
    for (const name of node.upstream) {
      const at = row.get(node.key) ?? 0;
      if (at > (row.get(name) ?? Infinity)) lastReader.set(name, Math.max(at, lastReader.get(name) ?? 0));
    }
  }
  /** Until which row each lane is taken. */
  const taken: number[] = [];
  const lane = new Map<string, number>();
  const rows = order.map((node, index) => {
    const free = taken.findIndex((until) => until <= index);
    const own = free < 0 ? taken.length : free;
    taken[own] = lastReader.get(node.key) ?? index;
    // A mark without readers holds its lane for its own row alone.
    lane.set(node.key, own);
    return { key: node.key, lane: own };
  });
  const edges = order.flatMap((node) =>
    node.upstream.flatMap((name) => {
      const [fromRow, toRow] = [row.get(name), row.get(node.key) ?? 0];
      if (fromRow === undefined || fromRow >= toRow) return [];
      const [fromLane, toLane] = [lane.get(name) ?? 0, lane.get(node.key) ?? 0];
      return [{ from: name, to: node.key, fromRow, fromLane, toRow, toLane }];
    }),
  );
  return { rows, edges, lanes: Math.max(1, taken.length) };
}

/** Depth first from the ends: what an asset is made from stands right above it. */
function ordered(nodes: readonly RailNode[]): RailNode[] {
  const read = new Set(nodes.flatMap((node) => node.upstream));
  // Of a ring no node is an end; those come last.
  return inputsFirst(
    nodes,
    nodes.filter((node) => !read.has(node.key)),
  );
}
