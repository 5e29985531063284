import { dirname, resolve } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { bytes, count, counted, duration } from "#protocol/numerals.ts";

import { makeFolder } from "../make-folder.ts";
import { kernelCall } from "./kernel-call.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const GENOME = z.strictObject({
  records: z.coerce.number().int().positive(),
  seed: z.coerce.number().int().nonnegative(),
  out: z.string(),
});
const REFERENCE = GENOME.extend({
  reference: z.literal(true),
  /** Whose variants the reference knows. */
  genome: z.string().optional(),
});
const PARAMETERS = z.union([GENOME, REFERENCE]);

const MADE_GENOME = z.object({
  out: z.string(),
  truth: z.string(),
  records: z.number(),
  planted: z.number(),
  bytes: z.number(),
  seconds: z.number(),
});
const MADE_REFERENCE = z.object({
  out: z.string(),
  shards: z.number(),
  records: z.number(),
  shared: z.number(),
  bytes: z.number(),
  seconds: z.number(),
});
const RESULT = z.union([MADE_GENOME, MADE_REFERENCE]);

export const synth: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, z.output<typeof RESULT>>({
  name: "synth",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("synth")
      .description("write a synthetic genome, with the truth of each module site beside it, or a reference")
      .requiredOption("--records <n>", "how many records")
      .requiredOption("--seed <k>", "the same seed gives the same file", "1")
      .requiredOption("--out <path>", "NAME.vcf, or NAME.vcf.gz for bgzip; a folder with --reference")
      .option("--reference", "a reference in the shape of the Ensembl dataset instead: 25 shards")
      .option("--genome <file>", "with --reference: VCF or Parquet, nine tenths of whose variants it knows")
      .action(({ out, genome, ...options }) => {
        if (genome !== undefined && options.reference === undefined) {
          throw new WorkspaceError({
            code: "usage",
            message: "--genome is for a reference",
            hint: "Write --reference with it, or leave it out.",
          });
        }
        return ask({
          ...options,
          out: resolve(out),
          ...(genome === undefined ? {} : { genome: resolve(genome) }),
        });
      });
  },
  async run(parameters, scope) {
    const place = (path: string): string => resolve(scope.workspace.paths.root, path);
    const { records, seed } = parameters;
    const out = place(parameters.out);
    const isReference = "reference" in parameters;
    const genome = isReference && parameters.genome !== undefined ? place(parameters.genome) : null;
    const folder = isReference ? out : dirname(out);
    await makeFolder(folder, "shared");
    return RESULT.parse(
      isReference
        ? await kernelCall("synth-reference", { records, seed, out, genome }, scope, folder)
        : await kernelCall("synth", { records, seed, out }, scope, folder),
    );
  },
  print: (result) =>
    "shards" in result
      ? [
          `Wrote ${counted(result.shards, "shard")} to ${result.out}: ${counted(result.records, "row")}, ${bytes(result.bytes)}, ${duration(result.seconds)}.`,
          `${count(result.shared)} rows are variants of the genome. The reference is synthetic: it is nobody's.`,
        ].join("\n")
      : [
          `Wrote ${result.out}: ${counted(result.records, "record")}, ${bytes(result.bytes)}, ${duration(result.seconds)}.`,
          `${count(result.planted)} module sites are planted; what must match is in ${result.truth}.`,
          "The genome is synthetic: it is nobody's.",
        ].join("\n"),
});
