import { counted } from "#protocol/numerals.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { PartitionView } from "#protocol/view.ts";

/** More are not looked through, and take seconds to draw. */
const MOST_SHOWN = 100;

export interface FoundSamples {
  /** The chosen one is among them as long as nothing is searched for. */
  readonly shown: readonly PartitionView[];
  /** How many more have what is searched for. */
  readonly more: number;
}

/** Samples in whose name, or file, are all words of a search. */
export function foundSamples(
  samples: readonly PartitionView[],
  search: string,
  chosen: PartitionKey,
): FoundSamples {
  const words = folded(search).split(/[\s/]+/);
  const found = samples.filter((sample) => {
    const text = folded(`${sample.key} ${sample.source ?? ""}`);
    return words.every((word) => text.includes(word));
  });
  const first = found.slice(0, MOST_SHOWN);
  const isHidden = search.trim() === "" && first.every(({ key }) => key !== chosen);
  const own = isHidden ? found.filter(({ key }) => key === chosen) : [];
  const shown = [...own, ...first].slice(0, MOST_SHOWN);
  return { shown, more: found.length - shown.length };
}

export function moreSamples(more: number): string {
  return `and ${counted(more, "more sample")}: search for one`;
}

/** `zoe` finds Zoë. */
function folded(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
