import type { Source } from "../source.ts";
import { findLines } from "./find-lines.ts";
import { readHead } from "./head.ts";
import { readHeads, statedBuild, vendorsOf } from "./array-files.ts";
import { ingestArray } from "./ingest.ts";

/**
 * Raw data of a genotyping array as vendors of tests give it: 23andMe, AncestryDNA, FamilyTreeDNA, MyHeritage and others
 * whose lines name an rsID, a chromosome, a position and a genotype; plain, gzip or in a zip.
 */
export const array: Source = {
  name: "array",
  recognises: (head) => readHead(head) !== null,
  async inspect(paths, signal) {
    const heads = await readHeads(paths, signal);
    return { samples: [], build: statedBuild(heads), caller: vendorsOf(heads) };
  },
  ingest: ingestArray,
  findLines,
};
