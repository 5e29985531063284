/** What is loaded when a cell is edited for the first time. */
export { mountEditor } from "./editor-pool.ts";
export { readyVim } from "./follow-vim.ts";
export { connectLanguages } from "./connect-languages.ts";
