import type { KeyboardEvent, MouseEvent, ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { CodeEditor } from "../editor/code-editor.tsx";
import { DraftNotice } from "../editor/draft-notice.tsx";
import { useCellText } from "../editor/use-draft.ts";
import { useMarkers } from "../editor/use-markers.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { Code } from "./code.tsx";

interface Props {
  readonly cell: CellView;
  /** Name of the cell, for those who do not see it. */
  readonly name: string;
}

/** The text of a cell: coloured while it is read, in an editor from the moment it is pointed at. */
export function CellCode({ cell, name }: Props): ReactNode {
  const store = useStore();
  const text = useCellText(cell);
  const label = `code of ${name}`;
  const markers = useMarkers(cell, text);
  const code = <Code source={text} language={cell.language} label={label} markers={markers} />;
  const refusal = usePageValue(({ page }) => page.refusals[cell.id]);
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  return (
    <>
      <DraftNotice cell={cell} refusal={cell.asset === cell.id ? undefined : refusal} />
      {editing ? (
        <CodeEditor cell={cell} label={label}>
          {code}
        </CodeEditor>
      ) : (
        <div
          className="editable"
          onClick={(event) => {
            if (pointsAtText(event)) store.beginEdit(cell.id, { x: event.clientX, y: event.clientY });
          }}
          onKeyDown={(event) => {
            if (!isPlainEnter(event)) return;
            event.preventDefault();
            event.stopPropagation();
            store.beginEdit(cell.id);
          }}
        >
          {text.trim() === "" ? (
            <button type="button" className="empty-code" onClick={() => store.beginEdit(cell.id)}>
              Empty. Write here
            </button>
          ) : (
            code
          )}
        </div>
      )}
    </>
  );
}

/** A click on the text, not on a button under it, and not the end of a selection. */
function pointsAtText(event: MouseEvent): boolean {
  const target = event.target as Element;
  return target.closest("button, a") === null && (getSelection()?.isCollapsed ?? true);
}

function isPlainEnter(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const onText = (event.target as Element).closest("button, a") === null;
  return onText && key === "Enter" && !ctrlKey && !metaKey && !shiftKey && !altKey;
}
