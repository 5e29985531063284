import type { Snapshot } from "#protocol/view.ts";

import type { PageView } from "./page-view.ts";

interface Watched {
  view(): PageView;
  subscribe(listener: () => void): () => void;
}

/** Does what `ready` gives as soon as it gives something: now, or when the server has told more. */
export function soon(page: Watched, ready: (snapshot: Snapshot) => (() => void) | null): void {
  const look = (): boolean => {
    const { snapshot } = page.view().page;
    const act = snapshot === null ? null : ready(snapshot);
    if (act === null) return false;
    stop?.();
    act();
    return true;
  };
  let stop: (() => void) | null = null;
  if (!look()) stop = page.subscribe(look);
}
