import type { editor as Editor } from "monaco-editor/editor";

import type { AttachVim, AttachedVim, VimHost } from "./vim.ts";
import { vimKeys } from "./vim-keys.ts";

/** Vim's keys of one mounted editor, as long as they are chosen. */
export interface FollowedVim {
  /** Types as a person would. @returns false without Vim's keys */
  readonly type: (text: string) => boolean;
  readonly dispose: () => void;
}

/** What gives an editor Vim's keys, once it is loaded. */
let attachVim: AttachVim | null = null;

/** Settles when an editor that is mounted now has Vim's keys at once, if they are chosen: no key of theirs is text. */
export async function readyVim(): Promise<void> {
  if (vimKeys.isOn() && attachVim === null) ({ attachVim } = await import("./vim.ts"));
}

/** Gives an editor Vim's keys when they are chosen, now or later, and takes them back; their line stands below it. */
export function followVim(
  editor: Editor.IStandaloneCodeEditor,
  place: HTMLElement,
  host: VimHost,
): FollowedVim {
  let attached: AttachedVim | null = null;
  let isOver = false;
  const line = document.createElement("div");
  line.className = "vim-line";
  const follow = (): void => {
    const isWanted = vimKeys.isOn() && !isOver;
    if (isWanted && attached === null && attachVim !== null) {
      place.append(line);
      attached = attachVim(editor, line, host);
    } else if (!isWanted) {
      attached?.dispose();
      attached = null;
      line.remove();
    }
  };
  // Without them the editor stays what it is.
  const unfollow = vimKeys.onTurn(() => void readyVim().then(follow, () => {}));
  follow();
  return {
    type: (text) => {
      attached?.type(text);
      return attached !== null;
    },
    dispose: () => {
      isOver = true;
      unfollow();
      follow();
    },
  };
}
