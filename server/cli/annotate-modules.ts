import * as z from "zod";

import { partitionKey } from "#protocol/ids.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import { vcfAttribute, vcfsOf } from "#protocol/vcf-files.ts";

import { inspectGenome } from "../inspect-genome.ts";
import { REPORT, annotationSummary, annotationText, peakMbOf } from "./annotate-result.ts";
import type { AnnotateResult } from "./annotate-result.ts";
import { endOfRun } from "./follow-run.ts";
import { knownModules } from "./known-modules.ts";
import { namesIn } from "./names-in.ts";
import { columnNamed, requireSample, sampleNamedBy } from "./sample-of-file.ts";
import { VCFS, WHOLE_OPTION, absolutePaths, refuseOtherFiles, requireWhole, vcfFiles } from "./vcf-option.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  vcf: VCFS,
  user: z.string(),
  sample: z.string().optional(),
  /** Sample column to read, for a file of several. */
  vcfSample: z.string().optional(),
  modules: z.array(z.string()).optional(),
  /** A file without the mark of its end is whole. */
  whole: z.boolean().optional(),
});

const GENOME_FILES =
  "the genome: a VCF, or raw data of 23andMe and the like, plain or packed; files that are one sample one after the other";

const SAMPLE_OPTION = [
  "--sample <name>",
  "name of the sample (default: the file's name, of several files that of their sample); in a file of several, the one to read",
] as const;
const COLUMN_OPTION = [
  "--vcf-sample <column>",
  "sample column to read, when it is to have another name here",
] as const;

export const annotateModules: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, AnnotateResult>({
  name: "annotate-modules",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("annotate-modules")
      .description("annotate a genome with modules and write the report")
      .requiredOption("--vcf <file...>", GENOME_FILES)
      .requiredOption("-u, --user <user>", "whose genome it is")
      .option(...SAMPLE_OPTION)
      .option(...COLUMN_OPTION)
      .option("--modules <a,b>", "modules to use (default: all)", namesIn)
      .option(...WHOLE_OPTION)
      .action(({ vcf, ...options }) => ask({ ...options, vcf: absolutePaths(vcf) }));
    program
      .command("annotate")
      .argument("<file...>", GENOME_FILES)
      .description("short for annotate-modules")
      .requiredOption("-u, --user <user>", "whose genome it is")
      .option("-m, --module <name...>", "module to use; may be given several times (default: all)")
      .option("--all-modules", "use all modules (the default)")
      .option(...SAMPLE_OPTION)
      .option(...COLUMN_OPTION)
      .option(...WHOLE_OPTION)
      .action((vcf: string[], { module, allModules, ...options }) =>
        ask({
          ...options,
          vcf: absolutePaths(vcf),
          ...(module === undefined || allModules ? {} : { modules: module }),
        }),
      );
  },
  async run(parameters, scope) {
    const started = performance.now();
    const { workspace, signal } = scope;
    const paths = vcfFiles(parameters.vcf, workspace);
    // The definitions are read while the kernel starts.
    const [{ samples, unmarked }] = await Promise.all([
      inspectGenome(workspace, paths, signal, "work"),
      workspace.definitions(),
    ]);
    if (parameters.vcfSample !== undefined) requireSample(parameters.vcfSample, samples, paths);
    const column = parameters.vcfSample ?? columnNamed(parameters.sample, samples, paths);
    const partition = partitionKey(parameters.user, parameters.sample ?? sampleNamedBy(paths, samples));
    const vcf = vcfAttribute(paths);
    // What its person said of it stays; column and modules are those of this command.
    const { vcf_sample: _column, modules: _modules, ...said } = workspace.attributes(partition);
    const attributes: PartitionAttributes = {
      ...said,
      vcf,
      ...(column === undefined ? {} : { vcf_sample: column }),
      ...(parameters.modules === undefined
        ? {}
        : { modules: await knownModules(parameters.modules, workspace) }),
    };
    refuseOtherFiles(partition, vcfsOf({ vcf }), workspace);
    // One that was added already is whole, as was said then.
    if (workspace.attributes(partition).vcf === undefined) requireWhole(unmarked, parameters.whole);
    workspace.setPartition(partition, attributes);
    const live = await workspace.startRun(`+${REPORT}`, partition, { signal });
    const view = await endOfRun(live, scope);
    const made = view.steps.some(({ state }) => state === "done");
    return {
      ...annotationSummary(live.id, view, partition, workspace),
      unchanged: view.state === "done" && !made,
      duration_seconds: (performance.now() - started) / 1000,
      peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024 + peakMbOf(live.id, workspace)),
    };
  },
  failed: (result) => result.state !== "done",
  print: (result) => annotationText(result),
});
