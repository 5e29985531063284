import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";
import type { ModuleIdentity, ModuleResult } from "#protocol/annotation.ts";

import type { CompiledManifest } from "../compile.ts";
import { contentDigest } from "../digest.ts";

/** What is known of a module before anything is matched. */
export type ModuleCard = ModuleIdentity &
  Pick<
    ModuleResult,
    "title" | "report_title" | "description" | "icon" | "color" | "weighting" | "licence" | "attribution"
  >;

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

/** Digest of the bytes of the tables of a compiled module. */
export async function digestOfFiles(directory: string): Promise<string> {
  const names = ["weights.parquet", "annotations.parquet", "studies.parquet"];
  const files = await Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(directory, name)).catch(() => null);
      return bytes === null ? [] : [{ name, sha256: sha256(bytes) }];
    }),
  );
  return contentDigest(files.flat());
}
