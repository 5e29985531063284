/** Whether code is shown with the numbers of its lines: a choice of this browser. */
const KEY = "karyon.line-numbers";

const listeners = new Set<() => void>();
let shown = saved();

export function lineNumbers(): boolean {
  return shown;
}

export function nextLineNumbers(): void {
  shown = !shown;
  try {
    if (shown) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    // Not remembered; it holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function onLineNumbers(listener: () => void): () => void {
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
