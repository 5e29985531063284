import { statSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { namesInShort, vcfsOf } from "#protocol/vcf-files.ts";

import type { Workspace } from "../workspace.ts";

/** A VCF, or the several that are one sample. */
export const VCFS: z.ZodType<string | string[]> = z.union([z.string(), z.array(z.string()).min(1)]);

/** The option by which a person says that a file is whole that may be cut off. */
export const WHOLE_OPTION = ["--whole", "the file is whole, though the mark of its end is missing"] as const;

/** @throws {WorkspaceError} `usage` for files that may be cut off, unless a person said that they are whole */
export function requireWhole(unmarked: readonly string[], whole: boolean | undefined): void {
  if (unmarked.length === 0 || whole === true) return;
  throw new WorkspaceError({
    code: "usage",
    message: `${namesInShort(unmarked)} may be cut off: the mark of the end is missing`,
    hint: "Compare its size or checksum with the original. If it is whole, say so with --whole.",
  });
}

/** The paths of a command as seen from where it is given: the server may stand elsewhere. */
export function absolutePaths(paths: readonly string[]): string[] {
  return paths.map((path) => resolve(path));
}

/** Absolute paths of VCFs that are there. @throws {WorkspaceError} `usage` for one that is not, or that is named twice */
export function vcfFiles(vcf: string | readonly string[], { paths }: Workspace): string[] {
  const files = [vcf].flat().map((path) => resolve(paths.root, path));
  for (const [index, path] of files.entries()) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such file: ${path}`,
        hint: "Give the path of a genome file.",
      });
    }
    if (files.indexOf(path) < index) {
      throw new WorkspaceError({
        code: "usage",
        message: `the same file twice: ${path}`,
        hint: "Name each file of the sample once.",
      });
    }
  }
  return files;
}

/**
 * Two files must not take turns under one name: results of the one would be shown as the other's.
 *
 * @throws {WorkspaceError} `usage` for a sample that is there with other files
 */
export function refuseOtherFiles(
  partition: PartitionKey,
  paths: readonly string[],
  workspace: Pick<Workspace, "attributes">,
): void {
  const before = vcfsOf(workspace.attributes(partition));
  if (before.length === 0 || before.join("\n") === paths.join("\n")) return;
  throw new WorkspaceError({
    code: "usage",
    message: `${partition} is ${before.length === 1 ? "another file" : "other files"}: ${before.join(", ")}`,
    hint: `Give this one another name of a sample, or point that one to it: karyon partitions add ${shellWord(partition)} --vcf FILE`,
  });
}
