import { sha256 } from "#notebook/sha256.ts";
import type { ExportedNotebook } from "#protocol/exported.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { Provenance } from "#protocol/provenance.ts";

import type { Catalog } from "../catalog/catalog.ts";
import { MOST_RECORDS, erasedAt, partitionsOf, recordsOf } from "./records-of.ts";
import type { Check } from "./verify-file.ts";

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

const NOT_WRITTEN = "no such materialisation is written down here";

function everyCheck(notebook: ExportedNotebook, catalog: Catalog): Check[] {
  return Object.values(notebook.provenance).flatMap(({ provenance }): Check[] => {
    const { cell, data } = provenance;
    if (data === null) return inputChecks(provenance, notebook.exportedAt, catalog);
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
  if (found === undefined) {
    const why = same.length === 0 ? NOT_WRITTEN : "it was made by other code, or at another time";
    return unknown(what, cell, provenance.madeAt ?? "", catalog, why);
  }
  return found.isHead
    ? { what, state: "ok", found: "" }
    : { what, state: "ok", found: "it has been made again since" };
}

/** Of what is computed when it is looked at, what it read. */
function inputChecks({ cell, inputs, sample }: Provenance, exportedAt: string, catalog: Catalog): Check[] {
  return inputs.flatMap(({ name, data }): Check[] => {
    if (data === null) return [];
    const what = `${name}, which ${cell} reads, in this workspace`;
    const known = recordsOf(name as AssetKey, sample, catalog).some(
      ({ record }) => record.dataVersion === data,
    );
    return [known ? { what, state: "ok", found: "" } : unknown(what, name, exportedAt, catalog, NOT_WRITTEN)];
  });
}

/** It is not written down so: someone had it erased, or it was never made here. */
function unknown(what: string, asset: string, madeBefore: string, catalog: Catalog, why: string): Check {
  const erased = erasedAt(asset as AssetKey, madeBefore, catalog);
  return erased === null
    ? { what, state: "failed", found: why }
    : { what, state: "not-checked", found: `what there was of it was erased, ${erased}` };
}

/** Which asset a report is the page of, by its bytes. */
export function checkReport(file: Buffer, catalog: Catalog): Check {
  const hash = sha256(file);
  const what = "this report in this workspace";
  for (const partition of partitionsOf(catalog)) {
    for (const asset of catalog.headsOf(partition)) {
      for (const [at, record] of catalog.versions.history(asset, partition, MOST_RECORDS).entries()) {
        if (!record.files.some((one) => one.hash === hash)) continue;
        const sample = partition === WHOLE ? "" : ` of ${dimensions(partition).sample}`;
        const since = at === 0 ? "" : "; it has been made again since";
        return { what, state: "ok", found: `it is ${asset}${sample}, made ${record.madeAt}${since}` };
      }
    }
  }
  return { what, state: "failed", found: "no such file is written down here" };
}
