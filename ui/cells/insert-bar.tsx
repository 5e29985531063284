import { useRef, useState } from "react";
import type { ReactNode } from "react";
import { Menu, MenuItem, Popover } from "react-aria-components";

import { insert as insertCell } from "../keys/cell-actions.ts";
import type { PageState } from "../state/page-state.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { TEMPLATES } from "../state/cell-templates.ts";

interface Props {
  /** The cell above; null at the top. */
  readonly after: string | null;
  /** Its name, for those who do not see where they are. */
  readonly name: string;
}

/** The gap below a cell, where another can come. */
export function InsertBar({ after, name }: Props): ReactNode {
  const store = useStore();
  const button = useRef<HTMLButtonElement>(null);
  const [pressed, setPressed] = useState(false);
  const asked = usePageValue(
    ({ page }) => page.overlay?.kind === "insert" && placeAsked(page.overlay, page.snapshot) === after,
  );
  const open = pressed || asked;
  const alone = usePageValue(({ page }) => page.snapshot?.notebook.cells.length === 0);
  const close = (): void => {
    setPressed(false);
    if (asked) store.show(null);
  };
  const insert = (id: string): void => {
    const { snapshot } = store.view().page;
    if (snapshot !== null) insertCell(store, snapshot, id, after);
  };
  return (
    <div className={`insert-bar${open || alone ? " open" : ""}${after === null ? " at-top" : ""}`}>
      <button
        ref={button}
        type="button"
        className="insert-button"
        aria-label={`Insert a cell below ${name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setPressed(true)}
      >
        + cell
      </button>
      {open ? (
        <Popover
          className="menu-popover"
          aria-label={`a cell below ${name}`}
          triggerRef={button}
          isOpen
          onOpenChange={(next) => {
            if (!next) close();
          }}
          placement="bottom"
        >
          <Menu
            className="menu"
            aria-label="kind of cell"
            autoFocus="first"
            onAction={(key) => insert(String(key))}
            onClose={close}
          >
            {TEMPLATES.map((template) => (
              <MenuItem key={template.id} id={template.id} textValue={template.label} className="menu-item">
                <span>{template.label}</span>
                <span className="menu-words">{template.words}</span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      ) : null}
    </div>
  );
}

/** The cell that a cell inserted at the asked place comes after. */
function placeAsked(
  asked: { readonly cell: string | null; readonly below: boolean },
  snapshot: PageState["snapshot"],
): string | null {
  if (asked.below) return asked.cell;
  const cells = snapshot?.notebook.cells ?? [];
  return cells[cells.findIndex((one) => one.id === asked.cell) - 1]?.id ?? null;
}
