import { sha256 } from "#notebook/exported-file.ts";
import type { ExportedNotebook } from "#protocol/exported.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { Provenance } from "#protocol/provenance.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { Catalog } from "../catalog/catalog.ts";
import type { Check } from "./verify-file.ts";

/** Materialisations of one asset and partition that are looked through. */
const MOST_RECORDS = 10_000;

/**
 * Whether what a file says was made is written down in a workspace, and whether it is still what stands there. A file of
 * which nothing is written down here was made elsewhere; one of which some things are, and some are not, is off.
 */
export function checkAgainst(notebook: ExportedNotebook, catalog: Catalog): Check[] {
  const checks = everyCheck(notebook, catalog);
  if (checks.length === 0 || checks.some(({ state }) => state === "ok")) return checks;
  return [
    {
      what: "the materialisations it is made of",
      state: "not-checked",
      found: "none of them is written down in this workspace",
    },
  ];
}

function everyCheck(notebook: ExportedNotebook, catalog: Catalog): Check[] {
  return Object.values(notebook.provenance).flatMap(({ provenance }): Check[] => {
    const { cell, data } = provenance;
    if (data === null) return inputChecks(provenance, catalog);
    return [recordCheck(cell, data, provenance, catalog)];
  });
}

function recordCheck(cell: string, data: string, provenance: Provenance, catalog: Catalog): Check {
  const same = recordsOf(cell as AssetKey, provenance.sample, catalog).filter(
    ({ record }) => record.dataVersion === data,
  );
  const found = same.find(
    ({ record }) => record.codeVersion === provenance.code && record.madeAt === provenance.madeAt,
  );
  const what = `${cell} in this workspace`;
  if (same.length === 0) {
    return { what, state: "failed", found: "no such materialisation is written down here" };
  }
  if (found === undefined) {
    return { what, state: "failed", found: "it was made by other code, or at another time" };
  }
  return found.isHead
    ? { what, state: "ok", found: "" }
    : { what, state: "ok", found: "it has been made again since" };
}

/** Of what is computed when it is looked at, what it read. */
function inputChecks({ cell, inputs, sample }: Provenance, catalog: Catalog): Check[] {
  return inputs.flatMap(({ name, data }): Check[] => {
    if (data === null) return [];
    const what = `${name}, which ${cell} reads, in this workspace`;
    const known = recordsOf(name as AssetKey, sample, catalog).some(
      ({ record }) => record.dataVersion === data,
    );
    return [
      known
        ? { what, state: "ok", found: "" }
        : { what, state: "failed", found: "no such materialisation is written down here" },
    ];
  });
}

/** Which asset a report is the page of, by its bytes. */
export function checkReport(file: Buffer, catalog: Catalog): Check {
  const hash = sha256(file);
  const what = "this report in this workspace";
  for (const partition of partitionsOf(catalog)) {
    for (const asset of catalog.headsOf(partition)) {
      for (const [at, record] of catalog.history(asset, partition, MOST_RECORDS).entries()) {
        if (!record.files.some((one) => one.hash === hash)) continue;
        const sample = partition === WHOLE ? "" : ` of ${dimensions(partition).sample}`;
        const since = at === 0 ? "" : "; it has been made again since";
        return { what, state: "ok", found: `it is ${asset}${sample}, made ${record.madeAt}${since}` };
      }
    }
  }
  return { what, state: "failed", found: "no such file is written down here" };
}

interface Found {
  readonly record: AssetRecord;
  readonly isHead: boolean;
}

/** Materialisations of an asset: of the sample of that name first, then of any, for a file may call it otherwise. */
function recordsOf(asset: AssetKey, sample: string | null, catalog: Catalog): Found[] {
  const own = (partition: PartitionKey): boolean => dimensions(partition).sample === sample;
  const partitions = partitionsOf(catalog).toSorted((a, b) => Number(own(b)) - Number(own(a)));
  return partitions.flatMap((partition) =>
    catalog.history(asset, partition, MOST_RECORDS).map((record, at) => ({ record, isHead: at === 0 })),
  );
}

function partitionsOf(catalog: Catalog): PartitionKey[] {
  return [WHOLE, ...catalog.partitions().map(({ key }) => key)];
}
