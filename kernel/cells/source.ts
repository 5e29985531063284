import { stat } from "node:fs/promises";

import type { SourceFile, SourceSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { DataVersion } from "#protocol/ids.ts";
import { fileNames, vcfsOf } from "#protocol/vcf-files.ts";

import { hashFile } from "../assets/object-store.ts";
import { sources } from "../sources/index.ts";
import { sourceSummary } from "../sources/source-summary.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";

/** What is remembered of the VCFs that were looked at. */
export interface SourceFacts extends SourceSummary {
  /** The member of the shelf of sources that reads them. */
  readonly source: string;
}

/** `yaml NAME source=vcf`: the VCF of a partition, or the several that are one sample. The files stay where the person keeps them. */
export const source: CellType = {
  name: "source",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "source" in cell.attributes,
  analyse: (cell) => {
    const place = cell.attributes["source"] ?? "";
    if (!sources.some(({ name }) => name === place)) {
      throw new WorkspaceError({
        code: "notebook",
        message: `no such source: ${place || "(empty)"}`,
        hint: `Write source= and one of ${sources.map(({ name }) => name).join(", ")}.`,
        cell: cell.name,
      });
    }
    return Promise.resolve({ inputs: [], parts: {}, output: "none", external: true, partitioned: true });
  },
  async observe(cell, attributes, { signal, progress }) {
    const paths = vcfsOf(attributes);
    if (paths.length === 0) return null;
    const names = fileNames(paths);
    const files: SourceFile[] = [];
    for (const [index, path] of paths.entries()) {
      const found = await stat(path).catch(() => null);
      if (found?.isFile() !== true) return null;
      const name = names[index] ?? path;
      progress({ phase: `looking at ${name}`, totalBytes: found.size });
      files.push({ name, bytes: found.size, sha256: await hashFile(path, signal) });
    }
    const facts: SourceFacts = { source: cell.attributes["source"] ?? "", ...sourceSummary(files) };
    const sample = attributes.vcf_sample;
    return {
      dataVersion: hashValue([facts.sha256, sample ?? null]) as DataVersion,
      parts: {
        ...Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
        ...(sample === undefined ? {} : { "sample column": sample }),
      },
      summary: `${facts.name} · ${megabytes(facts.bytes)}`,
      facts,
    };
  },
};

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
