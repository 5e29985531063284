import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { ModuleIdentity, ModuleResult, PresenceStatus } from "#protocol/annotation.ts";

import type { CompiledManifest } from "../compile.ts";
import { contentDigest, sha256 } from "../digest.ts";
import { count } from "./authored.ts";
import { weightsPath } from "./outputs.ts";
import { probedRecords, refMismatches } from "./pairs.ts";
import { SCRATCH } from "./request.ts";
import type { Match } from "./request.ts";

/** What is known of a module before anything is matched. */
export type ModuleCard = ModuleIdentity &
  Pick<
    ModuleResult,
    "title" | "report_title" | "description" | "icon" | "color" | "weighting" | "licence" | "attribution"
  >;

/** Category of a row that states none. */
const OTHER = "other";

/** Reads the card of a compiled module; one that came without a manifest of ours states no version. */
export async function moduleCard(name: string, directory: string): Promise<ModuleCard> {
  const text = await readFile(join(directory, "manifest.json"), "utf8").catch(() => "{}");
  const manifest = JSON.parse(text) as Partial<CompiledManifest> | null;
  if (manifest?.format !== "karyon.module/1") {
    return { ...plainCard(name), digest: await digestOfFiles(directory) };
  }
  const { module, artifact } = manifest as CompiledManifest;
  return {
    name,
    version: module.version,
    digest: artifact.digest,
    title: module.title,
    report_title: module.report_title,
    description: module.description,
    icon: module.icon,
    color: module.color,
    weighting: module.weighting,
    licence: module.license,
    attribution: module.attribution,
  };
}

/** The card of a module of which nothing but the name is known. */
export function plainCard(name: string): ModuleCard {
  const title = name.replaceAll("_", " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
  return {
    name,
    version: null,
    digest: "",
    title,
    report_title: title,
    description: `Annotation module: ${name}`,
    icon: "database",
    color: "#6435c9",
    weighting: null,
    licence: null,
    attribution: null,
  };
}

/** A module that gave nothing, and why. */
export function withoutResult(card: ModuleCard, status: "skipped" | "failed", reason: string): ModuleResult {
  return {
    ...card,
    status,
    reason,
    key: null,
    probed: 0,
    matched: 0,
    restored: 0,
    positive: 0,
    negative: 0,
    net_weight: null,
    by_category: {},
    presence: {},
    authored: { genotypes: 0, sites: 0, placed: 0 },
    ref_mismatches: 0,
    unmatchable: {},
    path: null,
  };
}

/** Counts what one module gave. Totals are of called rows; inferred ones are counted apart. */
export async function annotatedResult(
  match: Match,
  card: ModuleCard,
  index: number,
  key: "position" | "rsid",
): Promise<ModuleResult> {
  const totals = await categoryTotals(match, index);
  const sum = (pick: (total: CategoryTotal) => number): number =>
    totals.reduce((total, category) => total + pick(category), 0);
  const weighted = totals.filter(({ net_weight }) => net_weight !== null);
  const n = (sql: string): Promise<number> => count(match, sql);
  return {
    ...card,
    status: "annotated",
    reason: null,
    key,
    probed: await n(`select count(*)::integer as n from (${probedRecords(index, key)})`),
    matched: sum(({ matched }) => matched),
    restored: await n(`select count(*)::integer as n from ${SCRATCH.restored} where module_index = ${index}`),
    positive: sum(({ positive }) => positive),
    negative: sum(({ negative }) => negative),
    net_weight: weighted.length === 0 ? null : rounded(sum(({ net_weight }) => net_weight ?? 0)),
    by_category: Object.fromEntries(
      totals.map(({ category, matched, positive, negative, net_weight }) => [
        category,
        { matched, positive, negative, net_weight: rounded(net_weight ?? 0) },
      ]),
    ),
    ...(await siteCounts(match, index)),
    ref_mismatches: key === "position" ? await n(refMismatches(index)) : 0,
    unmatchable: await unmatchable(match, index),
    path: weightsPath(card.name),
  };
}

/** What can be said of a module that was read but not joined: its size, and that nothing is known of its sites. */
export async function siteCounts(
  match: Match,
  index: number,
): Promise<Pick<ModuleResult, "presence" | "authored">> {
  const { connection, signal } = match;
  const statuses = await connection.rows<{ status: PresenceStatus; n: number }>(
    `select status, count(*)::integer as n from ${SCRATCH.statuses} where module_index = ${index}
     group by status order by status`,
    [],
    signal,
  );
  const [authored] = await connection.rows<ModuleResult["authored"]>(
    `select (select count(*)::integer from (
         select distinct variant_key, genotype, phased from ${SCRATCH.authored} where module_index = ${index}
       )) as genotypes, count(*)::integer as sites, count(chrom)::integer as placed
     from ${SCRATCH.sites} where module_index = ${index}`,
    [],
    signal,
  );
  return {
    presence: Object.fromEntries(statuses.map(({ status, n }) => [status, n])),
    authored: authored ?? { genotypes: 0, sites: 0, placed: 0 },
  };
}

interface CategoryTotal {
  readonly category: string;
  readonly matched: number;
  readonly positive: number;
  readonly negative: number;
  readonly net_weight: number | null;
}

async function categoryTotals(match: Match, index: number): Promise<readonly CategoryTotal[]> {
  // Summed as decimals, so that the order of the rows cannot move the last digit.
  return match.connection.rows<CategoryTotal>(
    `select coalesce(a.category, '${OTHER}') as category, count(*)::integer as matched,
       (count(*) filter (a.sign > 0))::integer as positive, (count(*) filter (a.sign < 0))::integer as negative,
       sum(a.weight::decimal(18, 6))::double as net_weight
     from ${SCRATCH.matches} m
     join ${SCRATCH.authored} a on a.module_index = m.module_index and a.authored_row = m.authored_row
     where m.module_index = ${index}
     group by 1 order by 1`,
    [],
    match.signal,
  );
}

async function unmatchable(match: Match, index: number): Promise<Readonly<Record<string, number>>> {
  const unplaced = match.request.ingest.has_rsids ? "rsid is null" : "true";
  const [row] = await match.connection.rows<Record<string, number>>(
    `select (count(*) filter (phased and genotype <> list_sort(genotype)))::integer as phased_order,
       (count(*) filter (foreign_allele))::integer as allele_not_at_locus,
       (count(*) filter ((chrom is null or start is null) and ${unplaced}))::integer as unplaced
     from ${SCRATCH.authored} where module_index = ${index}`,
    [],
    match.signal,
  );
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, n]) => n > 0));
}

async function digestOfFiles(directory: string): Promise<string> {
  const names = ["weights.parquet", "annotations.parquet", "studies.parquet"];
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(directory, name)).catch(() => null);
      return bytes === null ? [] : [{ name, sha256: sha256(bytes) }];
    }),
  );
  return contentDigest(files.flat());
}

/** Two decimals, a negative zero as zero. */
function rounded(value: number): number {
  return Math.round(value * 100 + Math.sign(value) * 1e-9) / 100 + 0;
}
