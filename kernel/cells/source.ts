import { stat } from "node:fs/promises";

import type { SourceFile, SourceSummary } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { DataVersion } from "#protocol/ids.ts";
import { bytes } from "#protocol/numerals.ts";
import { fileNames, vcfsOf } from "#protocol/vcf-files.ts";

import { hashFile } from "../assets/object-store.ts";
import { sourceOf } from "../sources/source-of.ts";
import { sources } from "../sources/index.ts";
import { sourceSummary } from "../sources/source-summary.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";

/** Says that a cell takes every kind of genome file: each is read as what it is. */
const ANY = "genome";

/** What is remembered of the genome files that were looked at. */
export interface SourceFacts extends SourceSummary {
  /** The member of the shelf of sources that reads them. */
  readonly source: string;
}

/**
 * `yaml NAME source=genome`: the genome file of a partition, of any kind, or the several that are one sample; with the
 * name of a source, such as `source=vcf`, of that alone. The files stay where the person keeps them.
 */
export const source: CellType = {
  name: "source",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "source" in cell.attributes,
  analyse: (cell) => {
    const place = cell.attributes["source"] ?? "";
    const places = [ANY, ...sources.map(({ name }) => name)];
    if (!places.includes(place)) {
      throw new WorkspaceError({
        code: "notebook",
        message: `no such source: ${place || "(empty)"}`,
        hint: `Write source= and one of ${places.join(", ")}.`,
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
    const place = cell.attributes["source"] ?? "";
    const source = place === ANY ? (await sourceOf(paths, signal)).name : place;
    const facts: SourceFacts = { source, ...sourceSummary(files) };
    const sample = attributes.vcf_sample;
    // Read as another kind, the same file is something else.
    const kind = source === "vcf" ? [] : [source];
    return {
      dataVersion: hashValue([facts.sha256, sample ?? null, ...kind]) as DataVersion,
      parts: {
        ...Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])),
        ...(sample === undefined ? {} : { "sample column": sample }),
      },
      summary: `${facts.name} · ${bytes(facts.bytes)}`,
      bytes: facts.bytes,
      facts,
    };
  },
};
