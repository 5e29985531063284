import { basename } from "node:path";

import { nearest } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { genomeStem } from "#protocol/genome-name.ts";
import { isDimension } from "#protocol/ids.ts";
import { count } from "#protocol/numerals.ts";
import { fileNames, namesInShort } from "#protocol/vcf-files.ts";

/** Names of samples that a question lists. */
const SAMPLES_SHOWN = 12;

/**
 * Sample column of files of several samples: `--sample` names the sample and, there, its column too.
 *
 * @throws {WorkspaceError} `usage` when there are several and none is chosen, or not one of them
 */
export function columnNamed(
  sample: string | undefined,
  samples: readonly string[],
  paths: readonly string[],
): string | undefined {
  if (samples.length < 2) return undefined;
  if (sample !== undefined && samples.includes(sample)) return sample;
  if (sample !== undefined) throw noSample(sample, samples, paths);
  throw new WorkspaceError({
    code: "usage",
    message: `${namesOf(paths)} has ${count(samples.length)} samples, one has to be chosen`,
    hint: `Name one with --sample: ${listed(samples)}.`,
  });
}

/** @throws {WorkspaceError} `usage` for a sample column that the files do not have */
export function requireSample(wanted: string, samples: readonly string[], paths: readonly string[]): void {
  if (!samples.includes(wanted)) throw noSample(wanted, samples, paths);
}

function noSample(wanted: string, samples: readonly string[], paths: readonly string[]): WorkspaceError {
  const near = nearest(wanted, samples);
  const hint = near === null ? `There are ${listed(samples)}.` : `Write ${near} if that is what you mean.`;
  return new WorkspaceError({
    code: "usage",
    message: `${namesOf(paths)} has no sample ${wanted}`,
    hint: samples.length === 0 ? "It has no sample columns: leave the sample out." : hint,
  });
}

export function listed(samples: readonly string[]): string {
  return samples.slice(0, SAMPLES_SHOWN).join(", ") + (samples.length > SAMPLES_SHOWN ? ", …" : "");
}

function namesOf(paths: readonly string[]): string {
  return namesInShort(fileNames(paths));
}

/**
 * What a sample is called when nobody says: as its file, without what says what kind of file it is; of several files, as the
 * one sample in them.
 *
 * @throws {WorkspaceError} `usage` when that cannot be the name of a sample
 */
export function sampleNamedBy(paths: readonly string[], samples: readonly string[]): string {
  const [path = ""] = paths;
  const fileName = genomeStem(path) || basename(path);
  const name = paths.length === 1 ? fileName : samples[0];
  if (name !== undefined && isDimension(name)) return name;
  throw new WorkspaceError({
    code: "usage",
    message:
      name === undefined
        ? "several files without sample columns need a name for their sample"
        : `a sample cannot be called as its file is: ${JSON.stringify(name)}`,
    hint: "Give it a name with --sample.",
  });
}
