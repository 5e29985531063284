import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { CodeEditor } from "../editor/code-editor.tsx";
import { DraftNotice } from "../editor/draft-notice.tsx";
import { editableText } from "../editor/editable-text.ts";
import { cellAnchor } from "../shell/show-cell.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { CellTools } from "./cell-tools.tsx";
import { InsertBar } from "./insert-bar.tsx";
import { ModeChip } from "./mode-chip.tsx";
import { Prose } from "./prose.tsx";

/** Words between cells: read as a page, written as Markdown after Enter or a double click. */
export function ProseCell({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const focused = page.focusedCell === cell.id;
  const editing = page.editing?.cell === cell.id;
  const prose = <Prose cell={cell} />;
  const name = /[^#\s].{0,40}/.exec(editableText(cell))?.[0] ?? "empty text";
  return (
    <article
      id={cellAnchor(cell.id)}
      className={focused ? "cell prose-cell focused" : "cell prose-cell"}
      data-state="none"
      data-kind={cell.kind}
      tabIndex={-1}
      onFocus={() => store.focus(cell.id)}
      onDoubleClick={(event) => {
        if (editing || (event.target as Element).closest("button, a, input, .box") !== null) return;
        store.beginEdit(cell.id);
      }}
    >
      {focused ? (
        <div className="gutter">
          <ModeChip editing={editing} />
        </div>
      ) : null}
      <DraftNotice cell={cell} refusal={page.refusals[cell.id]} />
      {editing ? (
        <div className="box">
          <CodeEditor cell={cell} label={`text: ${name}`}>
            {prose}
          </CodeEditor>
        </div>
      ) : (
        prose
      )}
      <CellTools cell={cell} />
      <InsertBar after={cell.id} name={name} />
    </article>
  );
}
