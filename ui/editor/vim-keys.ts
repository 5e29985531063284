import { BrowserSwitch } from "../shell/browser-switch.ts";

/** Whether the text of a cell takes Vim's keys. */
export const vimKeys: BrowserSwitch = new BrowserSwitch("karyon.vim-keys");
