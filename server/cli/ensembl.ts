import * as z from "zod";

import { bytes, count, counted } from "#protocol/numerals.ts";

import { makeFolder } from "../make-folder.ts";
import { withLease } from "../runs/hold-lease.ts";
import { table } from "./format.ts";
import { kernelCall } from "./kernel-call.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const DOWNLOAD = z.strictObject({
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "Write OWNER/NAME"),
  revision: z.string(),
});

const DOWNLOADED = z.object({
  folder: z.string(),
  revision: z.string(),
  files: z.number(),
  downloaded: z.number(),
  bytes: z.number(),
});

export const downloadEnsembl: AnyVerb = defineVerb<z.output<typeof DOWNLOAD>, z.output<typeof DOWNLOADED>>({
  name: "download-ensembl",
  parameters: DOWNLOAD,
  declare(program, ask) {
    program
      .command("download-ensembl")
      .description("bring the Ensembl reference (14 GB) into the cache; goes on where it stopped")
      .option("--repo <owner/name>", "dataset on Hugging Face", "just-dna-seq/ensembl_variations")
      .option("--revision <name>", "branch, tag or commit", "main")
      .action((options) => ask(options));
  },
  async run(parameters, scope) {
    const { catalog, paths } = scope.workspace;
    await makeFolder(paths.cache, "shared");
    // Of two at once the second finds what the first brought: both would write to one file.
    return withLease(
      catalog.leases,
      "download-ensembl",
      scope.signal,
      async () => DOWNLOADED.parse(await kernelCall("download-ensembl", parameters, scope, paths.cache)),
      () => scope.progress(null, { phase: "waiting for another download" }),
    );
  },
  print: ({ folder, revision, files, downloaded, bytes: size }) =>
    [
      `${counted(files, "file")}, ${bytes(size)}, revision ${revision.slice(0, 12)}: ${count(downloaded)} downloaded, ${count(files - downloaded)} were there.`,
      `They are in ${folder}`,
    ].join("\n"),
});

const VERIFY = z.strictObject({});
const VERIFIED = z.object({
  folder: z.string(),
  files: z.array(z.object({ file: z.string(), bytes: z.number().nullable(), state: z.string() })),
});
const SOUND: ReadonlySet<string> = new Set(["whole", "unlisted"]);

export const verifyEnsembl: AnyVerb = defineVerb<z.output<typeof VERIFY>, z.output<typeof VERIFIED>>({
  name: "verify-ensembl",
  parameters: VERIFY,
  declare(program, ask) {
    program
      .command("verify-ensembl")
      .description("say whether the Ensembl reference in the cache is whole; asks nobody on the network")
      .action(() => ask({}));
  },
  run: async (parameters, scope) => VERIFIED.parse(await kernelCall("verify-ensembl", parameters, scope)),
  failed: ({ files }) => files.some(({ state }) => !SOUND.has(state)),
  print: ({ folder, files }) =>
    [
      table(files.map(({ file, bytes: size, state }) => [state, file, size === null ? "" : bytes(size)])),
      "",
      verdict(folder, files),
    ].join("\n"),
});

function verdict(folder: string, files: z.output<typeof VERIFIED>["files"]): string {
  if (!files.every(({ state }) => SOUND.has(state)))
    return "Mend it with karyon download-ensembl: only what is off is downloaded again.";
  const unlisted = files.filter(({ state }) => state === "unlisted").length;
  if (unlisted === 0) return `All ${count(files.length)} files in ${folder} are whole.`;
  return `Of ${count(unlisted)} of ${counted(files.length, "file")} in ${folder} nothing says what they are to hold: their ends are there, and the rest could not be checked.`;
}
