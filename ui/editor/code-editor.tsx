import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import type { EditPlace } from "../state/page-state.ts";
import type { PageStore } from "../state/page-store.ts";
import { splitOp } from "../state/cell-ops.ts";
import type { MountedEditor } from "./editor-pool.ts";
import { useCellText } from "./use-draft.ts";
import { useMarkers } from "./use-markers.ts";

interface Props {
  readonly cell: CellView;
  readonly label: string;
  /** What is seen until the editor is there. */
  readonly children: ReactNode;
}

/** An editor that comes sooner is not announced: nothing blinks. */
const PATIENCE_MS = 700;
/** Where a caret was put already: of an editor that is mounted anew it is where it was left. */
const led = new WeakSet<EditPlace>();

/** What was typed is the server's before it is cut. Of words, the cell that is between them now is written in next. */
async function splitAt(store: PageStore, id: string, caret: number): Promise<void> {
  await store.drafts.flush(id);
  const cells = store.view().page.snapshot?.notebook.cells ?? [];
  const at = cells.findIndex((one) => one.id === id);
  const cell = cells[at];
  if (cell === undefined || !(await store.change([splitOp(cell, caret)], id))) return;
  if (cell.kind !== "markdown") return;
  const after = store.view().page.snapshot?.notebook.cells ?? [];
  const between = after.slice(at, at + 2).find(({ kind }) => kind !== "markdown");
  if (between !== undefined) store.beginEdit(between.id);
}

/** The editor of the cell that is being edited. What it holds goes to the drafts with every key. */
export function CodeEditor({ cell, label, children }: Props): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const text = useCellText(cell);
  const host = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedEditor | null>(null);
  const [state, setState] = useState<"loading" | "late" | "ready" | "failed">("loading");
  const path = page.snapshot?.notebook.path ?? "";
  const uri = `karyon:///${path}/${encodeURIComponent(cell.id)}`;
  const { id, language } = cell;
  const markers = useMarkers(cell, text);
  const marked = JSON.stringify(markers);

  useEffect(() => {
    let left = false;
    const patience = setTimeout(() => {
      setState((known) => (known === "loading" ? "late" : known));
    }, PATIENCE_MS);
    const mount = async (): Promise<void> => {
      const { connectLanguages, mountEditor, readyVim } = await import("./editor-chunk.ts");
      await readyVim().catch(() => {});
      if (left || host.current === null) return;
      connectLanguages(store);
      const at = unled(store.view().page.editing?.at ?? null);
      mounted.current = mountEditor(host.current, {
        uri,
        language,
        label,
        text: store.drafts.draft(id)?.text ?? text,
        at,
        onType: (typed) => store.drafts.type(id, typed),
        onLeave: () => {
          store.endEdit();
          document.getElementById(cellAnchor(id))?.focus({ preventScroll: true });
        },
        onSave: () => void store.save(),
        onBlur: () => void store.drafts.flush(id),
      });
      if (store.typedAhead !== "") mounted.current.type(store.typedAhead);
      store.typedAhead = "";
      store.editor = {
        carryOut: (command) => {
          const editor = mounted.current;
          if (editor === null) return false;
          if (command === "format") {
            if (!editor.format()) store.toast(`How ${language} is laid out is not known: SQL is`);
          } else void splitAt(store, id, editor.caret());
          return true;
        },
      };
      setState("ready");
    };
    mount().catch(() => setState("failed"));
    return () => {
      left = true;
      clearTimeout(patience);
      store.editor = null;
      mounted.current?.unmount();
      mounted.current = null;
    };
    // The text is followed below; a new label is no reason for another editor.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [store, uri, id, language]);

  useEffect(() => mounted.current?.setText(text), [text]);
  useEffect(() => {
    if (state === "ready") mounted.current?.setMarkers(markers);
    // `marked`: the list is another with every render, and mostly says the same.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [state, marked]);
  const { editing } = page;
  // Asked for again, also while it is there: the focus may have gone to a table of the cell.
  useEffect(() => {
    if (editing?.cell !== id) return;
    mounted.current?.focus();
    const at = mounted.current === null ? null : unled(editing.at);
    if (at !== null) mounted.current?.goTo(at);
  }, [editing, id]);

  return (
    <div className="code editing">
      {state === "ready" ? null : children}
      {state === "late" ? (
        <p className="editor-awaited" role="status">
          The editor is being loaded. What you type is kept for it.
        </p>
      ) : null}
      {state === "failed" ? (
        <p className="output-note">The editor did not load. Reload the page to try again.</p>
      ) : null}
      <div ref={host} className="editor-host" hidden={state === "failed"} />
    </div>
  );
}

/** A place that no caret was put at yet. */
function unled(place: EditPlace | null): EditPlace | null {
  if (place === null || led.has(place)) return null;
  led.add(place);
  return place;
}
