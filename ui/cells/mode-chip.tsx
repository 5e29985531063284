import type { ReactNode } from "react";

import { vimKeys } from "../editor/vim-keys.ts";

interface Props {
  readonly editing: boolean;
  /** Cells that keys act on. */
  readonly selected: number;
}

/** Whether keys write or act, and on how many, in the gutter of the cell that has them. */
export function ModeChip({ editing, selected }: Props): ReactNode {
  const many = !editing && selected > 1;
  return (
    <span
      className={editing ? "mode-chip edit" : "mode-chip"}
      title={
        editing
          ? `keys write in the cell; ${vimKeys.isOn() ? "Shift Esc" : "Esc"} leaves`
          : many
            ? `keys act on ${selected} cells; Esc chooses one`
            : "keys act on the cell; Enter writes, ? lists them"
      }
    >
      {editing ? "edit" : many ? `${selected} cells` : "keys"}
    </span>
  );
}
