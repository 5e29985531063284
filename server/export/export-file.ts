import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { dimensions } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { NotebookView } from "#protocol/view.ts";

import type { WorkspacePaths } from "../workspace-paths.ts";

const TIME = /^\d{8}T\d{6}Z$/;

/** Where files go that nobody gave a place: beside the readable tree. */
export function exportsFolder({ output }: WorkspacePaths): string {
  return join(dirname(output), "exports");
}

/**
 * `explore-variants.anna.my_genome.html`: two people may call their genome the same. As it was, with the time:
 * `explore-variants.anna.my_genome.20261122T140200Z.html`
 */
export function exportName({ path, at }: NotebookView, partition: PartitionKey): string {
  const { user, sample } = dimensions(partition);
  const parts = [
    path.replace(/\.md$/, "").replaceAll(/[/\\]/g, "-"),
    ...[user, sample].filter((name) => name !== ""),
    ...(at === undefined ? [] : [at.replaceAll(/[-:]|\.\d+/g, "")]),
  ];
  return `${parts.join(".")}.html`;
}

/** Files in that folder that are named as exports of a partition: they are their person's, and nothing removes them. */
export function exportsOf(paths: WorkspacePaths, partition: PartitionKey): string[] {
  const folder = exportsFolder(paths);
  const { user, sample } = dimensions(partition);
  const owner = `.${user}.${sample}`;
  return names(folder)
    .filter((name) => {
      const stem = name.replace(/\.html$/, "");
      const last = stem.slice(stem.lastIndexOf(".") + 1);
      return (
        stem !== name && (stem.endsWith(owner) || (TIME.test(last) && stem.endsWith(`${owner}.${last}`)))
      );
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
