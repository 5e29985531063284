import { stat } from "node:fs/promises";
import { basename } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { DataVersion } from "#protocol/ids.ts";

import { hashFile } from "../assets/object-store.ts";
import { sources } from "../sources/index.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";

/** What is remembered of a VCF that was looked at. */
export interface SourceFacts {
  /** The member of the shelf of sources that reads it. */
  readonly source: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** `yaml NAME source=vcf`: the VCF of a partition. The file stays where the person keeps it. */
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
    const path = attributes.vcf;
    if (path === undefined) return null;
    const found = await stat(path).catch(() => null);
    if (found?.isFile() !== true) return null;
    const name = basename(path);
    progress({ phase: `looking at ${name}`, totalBytes: found.size });
    const sha256 = await hashFile(path, signal);
    const source = cell.attributes["source"] ?? "";
    const facts: SourceFacts = { source, name, bytes: found.size, sha256 };
    const sample = attributes.vcf_sample;
    return {
      dataVersion: hashValue([sha256, sample ?? null]) as DataVersion,
      parts: { [name]: sha256, ...(sample === undefined ? {} : { "sample column": sample }) },
      summary: `${name} · ${megabytes(found.size)}`,
      facts,
    };
  },
};

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
