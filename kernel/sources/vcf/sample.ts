import { WorkspaceError } from "#protocol/error.ts";
import { shellWord } from "#protocol/shell-words.ts";

/** Names that a message lists before it says how many more there are. */
const MOST_NAMED = 20;

/**
 * The sample to read: the asked one, or the only one. Null for a file without sample columns.
 *
 * @throws {WorkspaceError} `usage` that lists the samples, when there are several and none is asked for, or when
 *   the asked one is not there
 */
export function chooseSample(samples: readonly string[], asked: string | null, path: string): string | null {
  const [only] = samples;
  if (asked === null) {
    if (samples.length <= 1) return only ?? null;
    throw new WorkspaceError({
      code: "usage",
      message: `the file has ${samples.length} samples, one has to be chosen: ${listed(samples)}`,
      hint: `Name one of them, ${howToName(only ?? "")}.`,
      at: path,
    });
  }
  if (samples.includes(asked)) return asked;
  const close = nearest(asked, samples);
  throw new WorkspaceError({
    code: "usage",
    message:
      samples.length === 0
        ? `no such sample: ${asked}; the file has no sample columns`
        : `no such sample: ${asked}; the file has ${listed(samples)}`,
    hint:
      samples.length === 0
        ? "Leave the sample out."
        : close === null
          ? "Name one of the samples of the file."
          : `Did you mean ${close}? Name it, ${howToName(close)}.`,
    at: path,
  });
}

function howToName(sample: string): string {
  const word = shellWord(sample);
  return `such as karyon annotate-modules … --sample ${word}, or karyon partitions add … --vcf-sample ${word}`;
}

function listed(samples: readonly string[]): string {
  const more = samples.length - MOST_NAMED;
  return samples.slice(0, MOST_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** The sample whose name is nearest by edits, when it is near at all. */
function nearest(asked: string, samples: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(asked.length / 3)) + 1;
  for (const name of samples) {
    const distance = edits(asked.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
