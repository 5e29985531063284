import type { RunView } from "./view.ts";

/** Assets that are named one by one. */
const NAMED = 5;

/** What a run left as it is although it is not of its cell's engine, one line each: it would go unseen. */
export function keptWords({ kept = [] }: Pick<RunView, "kept">): string[] {
  const lines = kept
    .slice(0, NAMED)
    .map(({ asset, engine }) => `${asset} stays as an earlier run made it, on ${engine}.`);
  return kept.length > NAMED ? [...lines, `So do ${kept.length - NAMED} more.`] : lines;
}
