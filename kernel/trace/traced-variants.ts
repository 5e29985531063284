import type { AnnotationManifest } from "#protocol/annotation.ts";
import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { TracedRecord, TracedVariant } from "#protocol/trace.ts";

import type { Connection } from "../engines/engine.ts";
import { presenceWords } from "../reports/presence-words.ts";
import { rulesWords } from "../reports/rule-words.ts";
import { judgeRow } from "./judge-row.ts";
import type { AuthoredRow, Hit } from "./judge-row.ts";
import { authoredRows, hitsOf, isOf } from "./match-tables.ts";
import type { Site } from "./match-tables.ts";

/** What the match read of the sites, and what it wrote down of them. */
export interface MatchedSites {
  readonly sites: readonly Site[];
  readonly manifest: AnnotationManifest;
  /** Null when the modules are no longer kept. */
  readonly rows: readonly AuthoredRow[] | null;
  /** By module. */
  readonly hits: ReadonlyMap<string, readonly Hit[]>;
}

/** `directory`: of this call alone. */
export async function readMatched(
  annotations: InputFiles,
  modules: InputFiles | null,
  sites: readonly Site[],
  directory: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<MatchedSites> {
  const manifest = annotations.facts as AnnotationManifest;
  const rows =
    modules === null || sites.length === 0
      ? null
      : await authoredRows(modules, sites, manifest.ingest, directory, connection, signal);
  const hits = new Map<string, readonly Hit[]>();
  for (const module of manifest.modules) {
    const own = sites.filter((site) => site.module === module.name);
    if (own.length > 0) hits.set(module.name, await hitsOf(annotations, module, own, connection, signal));
  }
  return { sites, manifest, rows, hits };
}

/** Each site with its rows, and what each came to. `records`: those of the genome there. */
export function tracedVariants(
  { sites, manifest, rows, hits }: MatchedSites,
  records: readonly TracedRecord[],
): TracedVariant[] {
  const { ingest, restoration } = manifest;
  const array = ingest.kind === "array";
  return sites.map((site) => {
    const facts = {
      status: site.status,
      detail: site.detail,
      hits: (hits.get(site.module) ?? []).filter((hit) =>
        isOf(site, { rsid: hit.rsid, start: hit.module_start, ref: hit.module_ref }),
      ),
      called: calledAt(site, records, array),
      module: manifest.modules.find(({ name }) => name === site.module) ?? null,
      array,
      notInferred: restoration === undefined || restoration.applied ? null : restoration.reason,
    };
    const own = rows?.filter((row) => row.module === site.module && isOf(site, row));
    return { ...site, words: siteWords(site), rows: own?.map((row) => judgeRow(row, facts)) ?? null };
  });
}

function siteWords({ status, detail }: Site): string {
  if (status === "filtered") return `removed ${rulesWords(detail ?? "")}`;
  const words = presenceWords(status);
  return detail === null ? words : `${words} (${detail})`;
}

/** Genotypes that the file calls at a site itself. */
function calledAt(
  { chrom, start, rsid }: Site,
  records: readonly TracedRecord[],
  isArray: boolean,
): string[] {
  const here = records.filter((record) =>
    isArray || start === null
      ? rsid !== null && record.rsid?.split(";").includes(rsid) === true
      : record.chrom === chrom && record.start === start,
  );
  const genotypes = here.flatMap(({ genotype }) =>
    genotype === null || genotype.length === 0 ? [] : [genotype.join("/")],
  );
  return [...new Set(genotypes)];
}
