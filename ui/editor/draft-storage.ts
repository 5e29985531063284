import type { DraftWorld } from "./drafts.ts";

/** Where drafts outlive the page; a browser may forbid it. */
export function draftStorage(): DraftWorld["storage"] {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
