import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, PointerEvent, ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import { count, counted } from "#protocol/numerals.ts";

import { AssetSearch } from "../lineage/asset-search.tsx";
import { GraphLink } from "../lineage/graph-link.tsx";
import { graphNodes, groupState } from "../lineage/groups.ts";
import { layoutGraph } from "../lineage/layout.ts";
import { textWidth } from "../words/text-width.ts";
import type { Size, Viewport } from "../lineage/viewport.ts";
import { centred, fitted, panned, seen, zoomed } from "../lineage/viewport.ts";
import { StateMark } from "../shell/state-mark.tsx";
import { usePage } from "../shell/use-store.tsx";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { PageFrame } from "./page-frame.tsx";

const NODE = { height: 38, least: 84, most: 236, around: 43 };
const STEP_PX = 80;
const ZOOM_STEP = 1.25;
const NOWHERE: Size = { width: 0, height: 0 };

/** The whole graph on a sheet that is moved and zoomed; only what is seen of it is drawn. */
export function LineageSheet({ onChoose }: { readonly onChoose: (asset: AssetKey) => void }): ReactNode {
  const { page, states } = usePage();
  const assets = page.snapshot?.assets;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const [screen, setScreen] = useState<Size>(NOWHERE);
  const [moved, setMoved] = useState<Viewport | null>(null);
  const field = useRef<HTMLDivElement>(null);
  const held = useRef<{ x: number; y: number } | null>(null);
  const nodes = useMemo(() => graphNodes(assets ?? [], open), [assets, open]);
  const layout = useMemo(
    () =>
      layoutGraph(
        nodes.map((node) => ({
          key: node.key,
          upstream: node.upstream,
          width: Math.ceil(Math.min(NODE.most, Math.max(NODE.least, textWidth(node.label) + NODE.around))),
        })),
        { nodeHeight: NODE.height, gap: 10, layerGap: 28 },
      ),
    [nodes],
  );
  const byKey = useMemo(() => new Map(nodes.map((node) => [node.key, node])), [nodes]);
  const view = moved ?? fitted(layout, screen);
  const drawn = seen(layout, view, screen);
  const words = search.trim().toLowerCase();
  const found = words === "" ? [] : nodes.filter((node) => matches(node.assets, words));
  const foundKeys = new Set(found.map((node) => node.key));

  useEffect(() => {
    const element = field.current;
    if (element === null) return undefined;
    const measure = (): void => setScreen({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      setMoved((old) => {
        const now = old ?? fitted(layout, { width: element.clientWidth, height: element.clientHeight });
        return event.ctrlKey || event.metaKey
          ? zoomed(now, Math.exp(-event.deltaY / 200), at)
          : panned(now, -event.deltaX, -event.deltaY);
      });
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener("wheel", wheel);
    };
  }, [layout]);

  const middle = { x: screen.width / 2, y: screen.height / 2 };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = {
      ArrowLeft: panned(view, STEP_PX, 0),
      ArrowRight: panned(view, -STEP_PX, 0),
      ArrowUp: panned(view, 0, STEP_PX),
      ArrowDown: panned(view, 0, -STEP_PX),
      "+": zoomed(view, ZOOM_STEP, middle),
      "=": zoomed(view, ZOOM_STEP, middle),
      "-": zoomed(view, 1 / ZOOM_STEP, middle),
    }[event.key];
    if (next !== undefined) setMoved(next);
    else if (event.key === "0") setMoved(null);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent): void => {
    const from = held.current;
    if (from === null) return;
    setMoved(panned(view, event.clientX - from.x, event.clientY - from.y));
    held.current = { x: event.clientX, y: event.clientY };
  };
  const find = (text: string): void => {
    setSearch(text);
    const first = nodes.find((node) => text.trim() !== "" && matches(node.assets, text.trim().toLowerCase()));
    const place = layout.nodes.find((one) => one.key === first?.key);
    if (place !== undefined) setMoved(centred({ ...view, zoom: Math.max(view.zoom, 0.8) }, place, screen));
  };
  return (
    <PageFrame
      title="Lineage"
      facts={`${counted(assets?.length ?? 0, "asset")}${words === "" ? "" : ` · ${count(found.length)} found`}`}
      tools={
        <>
          <AssetSearch value={search} onChange={find} />
          <button
            type="button"
            className="button"
            aria-label="zoom out"
            onClick={() => setMoved(zoomed(view, 1 / ZOOM_STEP, middle))}
          >
            −
          </button>
          <span className="zoom">{Math.round(view.zoom * 100)} %</span>
          <button
            type="button"
            className="button"
            aria-label="zoom in"
            onClick={() => setMoved(zoomed(view, ZOOM_STEP, middle))}
          >
            +
          </button>
          <button type="button" className="button" onClick={() => setMoved(null)}>
            Fit
          </button>
        </>
      }
    >
      <div
        ref={field}
        className="lineage-sheet"
        role="group"
        tabIndex={0}
        aria-label="lineage; arrows move, plus and minus zoom, 0 shows all"
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.target instanceof Element && event.target.closest("a, button") !== null) return;
          held.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onLostPointerCapture={() => {
          held.current = null;
        }}
      >
        <div
          className="lineage-field"
          style={{
            width: layout.width,
            height: layout.height,
            transform: `translate(${-view.x * view.zoom}px, ${-view.y * view.zoom}px) scale(${view.zoom})`,
          }}
        >
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {drawn.edges.map((edge) => (
              <path
                key={`${edge.from} ${edge.to}`}
                d={edge.path}
                className={foundKeys.has(edge.from) || foundKeys.has(edge.to) ? "near" : undefined}
              />
            ))}
          </svg>
          {drawn.nodes.map((place) => {
            const node = byKey.get(place.key);
            if (node === undefined) return null;
            const state = groupState(node, states);
            return (
              <GraphLink
                key={place.key}
                node={node}
                className={`lineage-node tone-${STATE_LOOKS[state].tone}`}
                style={{ left: place.x, top: place.y, width: place.width, height: place.height }}
                current={foundKeys.has(place.key)}
                onChoose={onChoose}
                onOpen={() => setOpen(new Set([...open, node.key]))}
              >
                <StateMark state={state} />
                <span className="lineage-name">{node.label}</span>
                <span className="lineage-state">{STATE_LOOKS[state].word}</span>
              </GraphLink>
            );
          })}
        </div>
      </div>
    </PageFrame>
  );
}

function matches(assets: readonly AssetKey[], words: string): boolean {
  return assets.some((key) => key.toLowerCase().includes(words));
}
