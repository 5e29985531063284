import type { BuildEvidence } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { layoutOf } from "./fields.ts";
import type { Layout } from "./fields.ts";
import { chooseSample } from "./sample.ts";
import { buildOf, callerOf, headerOf, samplesOf } from "./vcf-heads.ts";
import type { VcfHead } from "./vcf-heads.ts";

/** One VCF whose records are to be read. */
export interface VcfFile extends VcfHead {
  /** What it has itself. */
  readonly own: Layout;
}

/** The VCFs of one sample, and what holds of all of them. */
export interface VcfFiles {
  readonly files: readonly VcfFile[];
  /** The fields of all: a record has null where its file lacks one. */
  readonly layout: Layout;
  readonly build: BuildEvidence;
  /** Names of the samples that each file has. */
  readonly samples: readonly string[];
  /** The sample to read; null for files without sample columns. */
  readonly chosen: string | null;
  readonly caller: string | null;
}

/**
 * What is read from the files. `asked`: the sample column to read; null for the only one.
 *
 * @throws {WorkspaceError} `usage` when the sample has to be chosen, or one of them does not have it; `source` when
 *   they do not go together
 */
export function filesOf(heads: readonly VcfHead[], asked: string | null): VcfFiles {
  const samples = samplesOf(heads);
  const chosen = chooseSample(samples, asked, heads[0]?.path ?? "");
  const layout = layoutOf(
    headerOf(heads),
    heads.flatMap(({ peek }) => peek),
  );
  const files = heads.map((head) => ({
    ...head,
    own: heads.length === 1 ? layout : layoutOf(head.header, head.peek),
  }));
  refuseWithoutGenotypes(files);
  // What was looked at is not held while the records are read.
  const read = files.map((file) => ({ ...file, peek: [] }));
  return { files: read, layout, samples, chosen, build: buildOf(heads), caller: callerOf(heads) };
}

function refuseWithoutGenotypes(files: readonly VcfFile[]): void {
  const some = files.filter(({ peek }) => peek.length > 0);
  const without = some.find(({ own }) => !own.genotypes);
  const other = some.find(({ own }) => own.genotypes);
  if (without === undefined || other === undefined) return;
  throw new WorkspaceError({
    code: "source",
    message: `${without.name} states no genotypes, and ${other.name} does`,
    hint: "Leave it out, or give it by itself.",
    at: without.path,
  });
}
