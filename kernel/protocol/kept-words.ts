import type { RunView } from "./view.ts";

/** Assets that are named one by one. */
const NAMED = 5;

/** What a run left as it is, on the engine that it or an earlier one chose, one line each: it would go unseen. */
export function keptWords({ engine: chosen, kept = [] }: Pick<RunView, "engine" | "kept">): string[] {
  const lines = kept
    .slice(0, NAMED)
    .map(({ asset, engine }) =>
      chosen === undefined
        ? `${asset} stays as an earlier run made it, on ${engine}.`
        : `${asset} is made on ${engine} already.`,
    );
  return kept.length > NAMED ? [...lines, `So do ${kept.length - NAMED} more.`] : lines;
}
