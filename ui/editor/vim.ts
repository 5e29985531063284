/** Vim's keys for an editor: a chunk of its own, which nobody loads who did not ask for them. */
import type { editor as Editor } from "monaco-editor/editor";
import { StatusBar, VimMode, initVimMode } from "monaco-vim";

import { VimHistory } from "./vim-history.ts";

/** What an editor does that Vim's commands ask for. */
export interface VimHost {
  /** `:w` */
  readonly onSave: () => void;
  /** `:q` */
  readonly onLeave: () => void;
}

export interface AttachedVim {
  /** As if it were typed, key by key: in normal mode letters are commands. */
  readonly type: (text: string) => void;
  readonly dispose: () => void;
}

/** How Vim names keys that have a character. */
const NAMES: Readonly<Record<string, string>> = { "\n": "<CR>", "\u001B": "<Esc>" };

export type AttachVim = (
  editor: Editor.IStandaloneCodeEditor,
  line: HTMLElement,
  host: VimHost,
) => AttachedVim;

type Adapter = ReturnType<typeof initVimMode>;

/** The parts of the package that its types leave out. */
interface VimApi {
  readonly commands: { undo(adapter: Adapter): void; redo(adapter: Adapter): void };
  readonly Vim: {
    defineEx(name: string, prefix: string, carryOut: (adapter: Adapter) => void): void;
    /** @returns whether the key is a command now, and not text */
    handleKey(adapter: Adapter, key: string, origin: "user"): boolean | undefined;
  };
}

const { Vim, commands } = VimMode as unknown as VimApi;
const hosts = new WeakMap<Adapter, VimHost & { readonly history: VimHistory }>();

const save = (adapter: Adapter): void => hosts.get(adapter)?.onSave();
const leave = (adapter: Adapter): void => hosts.get(adapter)?.onLeave();
const saveAndLeave = (adapter: Adapter): void => {
  save(adapter);
  leave(adapter);
};
Vim.defineEx("write", "w", save);
Vim.defineEx("quit", "q", leave);
Vim.defineEx("wq", "wq", saveAndLeave);
Vim.defineEx("xit", "x", saveAndLeave);
commands.undo = (adapter) => hosts.get(adapter)?.history.undo();
commands.redo = (adapter) => hosts.get(adapter)?.history.redo();

/** The keys of a command that is not whole; one that Escape ended is none, and what is searched stands in a field. */
class Line extends StatusBar {
  override setSec(...given: Parameters<StatusBar["setSec"]>): ReturnType<StatusBar["setSec"]> {
    const close = super.setSec(...given);
    const field = document.activeElement;
    if (field instanceof HTMLInputElement) field.ariaLabel = "search or command of Vim";
    return close;
  }

  override setKeyBuffer(keys: string): void {
    super.setKeyBuffer(keys.replace(/^.*(?:<Esc>|[/?])/, ""));
  }
}

/** Gives an editor Vim's keys, in normal mode; `line` shows the mode, and takes what is searched and commanded. */
export const attachVim: AttachVim = (editor, line, host) => {
  const history = new VimHistory(editor);
  const adapter = initVimMode(editor, line, Line);
  hosts.set(adapter, { ...host, history });
  let writes = false;
  const settle = (): void => {
    if (!writes) history.settle();
  };
  adapter.on("vim-mode-change", ({ mode }: { readonly mode: string }) => {
    writes = mode === "insert" || mode === "replace";
    settle();
  });
  adapter.on("vim-keypress", settle);
  return {
    type: (text) => {
      for (const key of text) {
        const isCommand = Vim.handleKey(adapter, NAMES[key] ?? key, "user");
        if (isCommand !== true) editor.trigger("keyboard", "type", { text: key });
      }
    },
    dispose: () => adapter.dispose(),
  };
};
