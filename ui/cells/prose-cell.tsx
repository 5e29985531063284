import type { ReactNode } from "react";

import { isFigure } from "#notebook/cell-uses.ts";
import type { CellView } from "#protocol/view.ts";

import { CodeEditor } from "../editor/code-editor.tsx";
import { DraftNotice } from "../editor/draft-notice.tsx";
import { editableText } from "../editor/editable-text.ts";
import { FigureMark } from "../provenance/figure-mark.tsx";
import { cellAnchor } from "../shell/show-cell.ts";
import { selectedWith } from "../state/selection.ts";
import { NARROW, useMedia } from "../shell/use-media.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { CellTools } from "./cell-tools.tsx";
import { InsertBar } from "./insert-bar.tsx";
import { extendOnShift } from "./extend-on-shift.ts";
import { ModeChip } from "./mode-chip.tsx";
import { Prose } from "./prose.tsx";

/** Words between cells: read as a page, written as Markdown after Enter or a double click. */
export function ProseCell({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const focused = usePageValue(({ page }) => page.focusedCell === cell.id);
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  const chosen = usePageValue(({ page }) => selectedWith(page, cell.id));
  const refusal = usePageValue(({ page }) => page.refusals[cell.id]);
  const selected = chosen > 1;
  const narrow = useMedia(NARROW);
  const prose = <Prose cell={cell} />;
  const name = /[^#\s].{0,40}/.exec(editableText(cell))?.[0] ?? "empty text";
  return (
    <article
      id={cellAnchor(cell.id)}
      className={["cell prose-cell", focused ? "focused" : "", selected ? "selected" : ""].join(" ").trim()}
      data-state="none"
      data-kind={cell.kind}
      tabIndex={-1}
      aria-label={`text: ${name}`}
      onFocus={() => store.focus(cell.id)}
      onMouseDown={(event) => extendOnShift(event, () => store.extendTo(cell.id))}
      onDoubleClick={(event) => {
        if (editing || (event.target as Element).closest("button, a, input, .box") !== null) return;
        store.beginEdit(cell.id);
      }}
    >
      {focused ? (
        <div className="gutter">
          <ModeChip editing={editing} selected={chosen} />
        </div>
      ) : null}
      <DraftNotice cell={cell} refusal={refusal} />
      {narrow ? null : <CellTools cell={cell} />}
      {editing ? (
        <div className="box">
          <CodeEditor cell={cell} label={`text: ${name}`}>
            {prose}
          </CodeEditor>
        </div>
      ) : (
        prose
      )}
      {!editing && isFigure(cell) ? <FigureMark cell={cell} /> : null}
      {narrow ? <CellTools cell={cell} /> : null}
      <InsertBar after={cell.id} name={name} />
    </article>
  );
}
