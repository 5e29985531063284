/** Whether the text of a cell takes Vim's keys: a choice of this browser. */
const KEY = "karyon.vim-keys";

const listeners = new Set<() => void>();
let chosen = saved();

export function vimKeys(): boolean {
  return chosen;
}

export function nextVimKeys(): boolean {
  chosen = !chosen;
  try {
    if (chosen) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    // Not remembered; it holds until the page is closed.
  }
  for (const listener of listeners) listener();
  return chosen;
}

export function onVimKeys(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function saved(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}
