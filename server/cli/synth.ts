import { resolve } from "node:path";

import { z } from "zod";

import { bytes, count, seconds } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  records: z.coerce.number().int().positive(),
  seed: z.coerce.number().int().nonnegative(),
  out: z.string(),
});

const RESULT = z.object({
  out: z.string(),
  truth: z.string(),
  records: z.number(),
  planted: z.number(),
  bytes: z.number(),
  seconds: z.number(),
});

export const synth: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, z.output<typeof RESULT>>({
  name: "synth",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("synth")
      .description("write a synthetic genome, with the truth of each module site beside it")
      .requiredOption("--records <n>", "how many records")
      .requiredOption("--seed <k>", "the same seed gives the same file", "1")
      .requiredOption("--out <file>", "NAME.vcf, or NAME.vcf.gz for bgzip")
      .action(({ out, ...options }) => ask({ ...options, out: resolve(out) }));
  },
  async run({ records, seed, out }, { workspace, signal, progress }) {
    const kernel = await workspace.kernels.get("work");
    const reply = await kernel.request(
      { type: "call", name: "synth", parameters: { records, seed, out: resolve(workspace.paths.root, out) } },
      { signal, progress: (now) => progress(null, now) },
    );
    return RESULT.parse(reply !== null && "value" in reply ? reply.value : null);
  },
  print: (result) =>
    [
      `Wrote ${result.out}: ${count(result.records)} records, ${bytes(result.bytes)}, ${seconds(result.seconds)}.`,
      `${count(result.planted)} module sites are planted; what must match is in ${result.truth}.`,
      "The genome is synthetic: it is nobody's.",
    ].join("\n"),
});
