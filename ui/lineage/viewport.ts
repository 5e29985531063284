/** What of a drawn graph is seen: panned by pixels, zoomed about a point. Pure. */
import type { Layout } from "./layout.ts";

export interface Viewport {
  /** Of the graph, at the top left corner of what is seen. */
  readonly x: number;
  readonly y: number;
  /** Screen pixels for one of the graph. */
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const ZOOM = { least: 0.1, most: 2 } as const;
/** Around what is seen, so that a quick pan shows no hole. */
const MARGIN_PX = 200;

/** The whole graph in the middle, no larger than life. */
export function fitted(graph: Size, screen: Size): Viewport {
  const room = Math.min(screen.width / (graph.width + 40), screen.height / (graph.height + 40));
  const zoom = clamp(Math.min(1, room));
  return {
    zoom,
    x: (graph.width - screen.width / zoom) / 2,
    y: (graph.height - screen.height / zoom) / 2,
  };
}

/** `dx`, `dy`: screen pixels that the paper moves by. */
export function panned(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom };
}

/** What is at the point of the screen stays there. */
export function zoomed(
  view: Viewport,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Viewport {
  const zoom = clamp(view.zoom * factor);
  return { zoom, x: view.x + at.x / view.zoom - at.x / zoom, y: view.y + at.y / view.zoom - at.y / zoom };
}

/** With a node in the middle, at the same zoom. */
export function centred(
  view: Viewport,
  node: Size & { readonly x: number; readonly y: number },
  screen: Size,
): Viewport {
  return {
    ...view,
    x: node.x + node.width / 2 - screen.width / view.zoom / 2,
    y: node.y + node.height / 2 - screen.height / view.zoom / 2,
  };
}

/** Only the nodes that are seen, and the edges that touch one of them. */
export function seen(layout: Layout, view: Viewport, screen: Size): Pick<Layout, "nodes" | "edges"> {
  const margin = MARGIN_PX / view.zoom;
  const [left, top] = [view.x - margin, view.y - margin];
  const [right, bottom] = [
    view.x + screen.width / view.zoom + margin,
    view.y + screen.height / view.zoom + margin,
  ];
  const nodes = layout.nodes.filter(
    (node) => node.x < right && node.x + node.width > left && node.y < bottom && node.y + node.height > top,
  );
  const keys = new Set(nodes.map((node) => node.key));
  return { nodes, edges: layout.edges.filter((edge) => keys.has(edge.from) || keys.has(edge.to)) };
}

function clamp(zoom: number): number {
  return Math.min(ZOOM.most, Math.max(ZOOM.least, zoom));
}
