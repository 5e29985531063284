import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import * as z from "zod";

import { errorInfo } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import { bytes, count, counted } from "#protocol/numerals.ts";

import { madeFrom } from "../made-from.ts";
import { objectPath } from "../runs/published-tree.ts";
import { newerParts, newerWords } from "../shipped.ts";
import type { Workspace } from "../workspace.ts";
import { ofPartition } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({ deep: z.boolean().optional() });
/** Below this a run of one genome may not fit. */
const LITTLE_SPACE_BYTES = 5e9;

interface Finding {
  readonly what: string;
  readonly state: "good" | "warning" | "bad";
  readonly words: string;
}

export const doctor: AnyVerb = defineVerb<
  z.output<typeof PARAMETERS>,
  { readonly findings: readonly Finding[] }
>({
  name: "doctor",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("doctor")
      .description("look whether the workspace is whole: catalog, stored files, notebooks, kernel, disk")
      .option("--deep", "read every stored file and compare its hash")
      .action((options) => ask(options));
  },
  async run({ deep }, { workspace, signal }) {
    return {
      findings: [
        catalogFinding(workspace),
        await filesFinding(workspace, deep === true, signal),
        await orFailed("kernel", kernelFinding(workspace)),
        await orFailed("notebooks", notebooksFinding(workspace)),
        await orFailed("shipped", shippedFinding(workspace)),
        await orFailed("staging", leftoversFinding(workspace)),
        await privacyFinding(workspace),
        erasedFinding(workspace),
        await diskFinding(workspace),
      ],
    };
  },
  failed: ({ findings }) => findings.some(({ state }) => state === "bad"),
  print: ({ findings }) =>
    findings
      .map(({ what, state, words }) => `${{ good: "✓", warning: "!", bad: "✕" }[state]} ${what}: ${words}`)
      .join("\n"),
});

/** What cannot be looked at is a finding, too. */
function orFailed(what: string, looking: Promise<Finding>): Promise<Finding> {
  return looking.catch((error: unknown) => ({ what, state: "bad", words: errorInfo(error).message }));
}

function catalogFinding({ catalog }: Workspace): Finding {
  const [problem] = catalog.problems();
  return problem === undefined
    ? { what: "catalog", state: "good", words: `${count(catalog.lastSeq())} events, whole` }
    : { what: "catalog", state: "bad", words: problem };
}

/** Files of what stands now must be there; those of earlier versions may have been let go. */
async function filesFinding(
  { catalog, paths }: Workspace,
  deep: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const latest = new Map<string, number>();
  const files = catalog.recordedFiles();
  for (const { asset, partition, seq } of files) latest.set(JSON.stringify([asset, partition]), seq);
  const needed = files.filter(
    ({ asset, partition, seq }) => latest.get(JSON.stringify([asset, partition])) === seq,
  );
  const bad: string[] = [];
  for (const { hash, bytes: size, asset, partition } of needed) {
    signal.throwIfAborted();
    const path = objectPath(paths.home, hash);
    const found = await stat(path).catch(() => null);
    const what = `${asset ?? "texts of notebooks"}${ofPartition(partition)}`;
    if (found?.size !== size) bad.push(`${what} (${found === null ? "gone" : "another size"})`);
    else if (deep && (await hashOf(path)) !== hash) {
      bad.push(`${what} (changed on disk)`);
      // It is of no use, and would keep what it belongs to from being made again.
      await rm(path, { force: true });
    }
  }
  const words =
    bad.length === 0
      ? `${count(needed.length)} of what stands now, all there${deep ? ", each with its hash" : ""}`
      : `make again: ${[...new Set(bad)].join(", ")}`;
  return { what: "stored files", state: bad.length === 0 ? "good" : "bad", words };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

async function kernelFinding({ kernels }: Workspace): Promise<Finding> {
  const { capBytes } = await kernels.get("work");
  return { what: "kernel", state: "good", words: `starts, may hold ${bytes(capBytes)}` };
}

async function notebooksFinding(workspace: Workspace): Promise<Finding> {
  const { notebooks, graph } = await workspace.definitions();
  const [first] = graph.problems.values();
  const words =
    first === undefined
      ? `${count(notebooks.length)}, ${counted(graph.assets.size, "asset")}`
      : `${counted(graph.problems.size, "asset")} off, such as: ${first.message}`;
  return { what: "notebooks", state: first === undefined ? "good" : "warning", words };
}

async function shippedFinding({ paths }: Workspace): Promise<Finding> {
  const newer = newerWords(await newerParts(paths));
  return newer === null
    ? { what: "shipped", state: "good", words: "nothing that Karyon ships is newer than what is here" }
    : { what: "shipped", state: "warning", words: `newer are ${newer}` };
}

async function leftoversFinding({ catalog, paths }: Workspace): Promise<Finding> {
  const staged = await readdir(join(paths.home, "staging")).catch(noneIfMissing);
  const open = catalog.openRuns();
  return open.length > 0 || staged.length === 0
    ? {
        what: "staging",
        state: "good",
        words: open.length > 0 ? `${count(open.length)} runs at work` : "empty",
      }
    : {
        what: "staging",
        state: "warning",
        words: `${count(staged.length)} left over: the next start removes them`,
      };
}

async function privacyFinding({ paths }: Workspace): Promise<Finding> {
  const mode = (await stat(paths.home)).mode & 0o077;
  return mode === 0 || process.platform === "win32"
    ? { what: "privacy", state: "good", words: "only you read it" }
    : { what: "privacy", state: "warning", words: `others may read ${paths.home}: chmod 700 it` };
}

/** What was made from a sample must not outlive it. */
function erasedFinding({ catalog }: Workspace): Finding {
  const what = "erased";
  const erasedAt = new Map<PartitionKey, number>();
  for (const { seq, event } of catalog.receipts())
    if (event.type === "erased") erasedAt.set(event.partition, seq);
  const left = madeFrom(catalog.origins(), (partition, seq) => seq < (erasedAt.get(partition) ?? -1));
  const [first] = left;
  return first === undefined
    ? { what, state: "good", words: "nothing is left that was made from it" }
    : {
        what,
        state: "bad",
        words: `left of what was made from it: ${counted(left.length, "record")}, such as of ${first.asset} of ${first.partition}: erase it again`,
      };
}

async function diskFinding({ paths }: Workspace): Promise<Finding> {
  const { bavail, bsize } = await statfs(paths.home);
  const free = bavail * bsize;
  return {
    what: "disk",
    state: free < LITTLE_SPACE_BYTES ? "warning" : "good",
    words: `${bytes(free)} free`,
  };
}
