import type { Source } from "../source.ts";
import { readHead } from "./head.ts";
import { ingestArray, onlyOf, openHead } from "./ingest.ts";

/**
 * Raw data of a genotyping array as vendors of tests give it: 23andMe, AncestryDNA, FamilyTreeDNA, MyHeritage and others
 * whose lines name an rsID, a chromosome, a position and a genotype; plain, gzip or in a zip.
 */
export const array: Source = {
  name: "array",
  recognises: (head) => readHead(head) !== null,
  async inspect(paths, signal) {
    const { vendor, build } = await openHead(onlyOf(paths), signal);
    return { samples: [], build, caller: vendor };
  },
  ingest: ingestArray,
};
