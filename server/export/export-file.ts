import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { partitionName, undotted } from "#protocol/partition-name.ts";
import type { NotebookView } from "#protocol/view.ts";

import type { WorkspacePaths } from "../workspace-paths.ts";

/** As it ends the name of an export. */
const TIME = /^\.\d{8}T\d{6}Z$/;

/** Where files go that nobody gave a place: beside the readable tree. */
export function exportsFolder({ output }: WorkspacePaths): string {
  return join(dirname(output), "exports");
}

/**
 * `explore-variants.anna.my_genome.html`: two people may call their genome the same. As it was, with the time:
 * `explore-variants.anna.my_genome.20261122T140200Z.html`
 */
export function exportName({ path, at }: NotebookView, partition: PartitionKey): string {
  const parts = [
    undotted(path.replace(/\.md$/, "").replaceAll(/[/\\]/g, "-")),
    ...(partition === WHOLE ? [] : [partitionName(partition)]),
    ...(at === undefined ? [] : [at.replaceAll(/[-:]|\.\d+/g, "")]),
  ];
  return `${parts.join(".")}.html`;
}

/** Files in that folder that are named as exports of a partition: they are their person's, and nothing removes them. */
export function exportsOf(paths: WorkspacePaths, partition: PartitionKey): string[] {
  const folder = exportsFolder(paths);
  const owner = partitionName(partition);
  return names(folder)
    .filter((name) => {
      if (!name.endsWith(".html")) return false;
      const named = name.slice(name.indexOf(".") + 1, -".html".length);
      return named === owner || (named.startsWith(owner) && TIME.test(named.slice(owner.length)));
    })
    .map((name) => join(folder, name));
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
