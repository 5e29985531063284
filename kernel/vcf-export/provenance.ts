import type { AnnotationManifest, IngestSummary } from "#protocol/annotation.ts";
import type { InputFiles, StepOrder } from "#protocol/kernel-messages.ts";

import { metaLine } from "./meta-line.ts";

export interface Provenance {
  readonly step: Pick<StepOrder, "asset" | "inputs">;
  readonly software: string;
  readonly ingest: IngestSummary;
  readonly manifest: AnnotationManifest;
  readonly joined: InputFiles | null;
}

/** What a file was made from, for its header: never by whom, where or when, so that the same input gives the same file. */
export function provenanceLines({ step, software, ingest, manifest, joined }: Provenance): string[] {
  const files = ingest.source.files ?? [ingest.source];
  const filters = Object.entries(ingest.quality_filters).map(([rule, value]) => [
    rule,
    JSON.stringify(value),
  ]);
  const reference = (joined?.facts as { reference?: Record<string, string | null> } | undefined)?.reference;
  return [
    metaLine("karyonVersion", "software", { Version: software }),
    ...files.map(({ name, bytes, sha256 }, at) =>
      metaLine("karyonSource", at === 0 ? "vcf" : `vcf${at + 1}`, {
        Name: name,
        Bytes: String(bytes),
        SHA256: sha256,
      }),
    ),
    metaLine("karyonFilters", "applied", {
      ...Object.fromEntries(filters),
      RecordsRead: String(ingest.records.read),
      RecordsKept: String(ingest.records.kept),
    }),
    ...step.inputs.map(({ asset, dataVersion }) =>
      metaLine("karyonInput", asset.replaceAll(/[^\w.-]/g, "_"), { DataVersion: dataVersion }),
    ),
    ...manifest.modules.map((module) =>
      metaLine("karyonModule", module.name, {
        Version: module.version ?? "not stated",
        Digest: module.digest,
        Status: module.status,
        Licence: module.licence ?? "not stated",
      }),
    ),
    ...(reference === undefined
      ? []
      : [
          metaLine("karyonReference", "ensembl", {
            Repository: reference["repo"] ?? "not stated",
            Revision: reference["revision"] ?? "not stated",
            Identity: reference["identity"] ?? "not stated",
          }),
        ]),
    metaLine("karyonInferred", "reference_genotypes", {
      LeftOut: String(manifest.total_restored),
      Description: "Genotypes that were inferred where the input has no record are in the report alone",
    }),
  ];
}
