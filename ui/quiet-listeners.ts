import type { Plugin } from "vite";

const MODULE = "/htl/src/index.js";
const WRITES = 'if ((name === "style" && isObjectLiteral(value)) || typeof value === "function") {';
/** As an object of attributes is written: by its place alone, under no name of an attribute. */
const HELD_BACK = `if (typeof value === "function") {
                arguments[j] = { [name]: value };
                string = string.slice(0, attributeNameStart - strings[j - 1].length) + "::" + j + "=''";
                nodeFilter |= SHOW_ELEMENT;
                break;
              }
              `;

/**
 * htl, which Inputs is made with, writes a listener into its HTML as a word (`oninput="::3"`) before it sets the real
 * one. The policy of the page takes the word for an inline script, and the console gets an error for each input.
 */
export const quietListeners: Plugin = {
  name: "quiet-listeners",
  transform(code, id) {
    if (!id.endsWith(MODULE)) return null;
    if (!code.includes(WRITES)) throw new Error("htl writes listeners in another way than before");
    return code.replace(WRITES, () => HELD_BACK + WRITES);
  },
};
