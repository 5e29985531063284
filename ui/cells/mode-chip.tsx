import type { ReactNode } from "react";

/** Whether keys write or act, in the gutter of the cell that has them. */
export function ModeChip({ editing }: { readonly editing: boolean }): ReactNode {
  return (
    <span
      className={editing ? "mode-chip edit" : "mode-chip"}
      title={
        editing ? "keys write in the cell; Esc leaves" : "keys act on the cell; Enter writes, ? lists them"
      }
    >
      {editing ? "edit" : "keys"}
    </span>
  );
}
