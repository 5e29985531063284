import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { blockIn } from "#notebook/exported-file.ts";
import { sha256 } from "#notebook/sha256.ts";
import { errorInfo } from "#protocol/error.ts";
import type { CompareOrder, TableDifference } from "#protocol/export-order.ts";
import type { ExportedNotebook, ExportedTable } from "#protocol/exported.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { VerbScope } from "../cli/verb.ts";
import { objectPath } from "../runs/published-tree.ts";
import { recordsOf } from "./records-of.ts";
import type { Check } from "./verify-file.ts";

const unpack = promisify(gunzip);
/** Of a report, unpacked. */
const MOST_BYTES = 1 << 28;

/**
 * Reads what a workspace keeps of the tables and reports in a file again, and compares: the same, another, or nothing
 * there to look at. What a file leaves out, columns and rows after its last, is not in it and no difference. Live SQL is
 * not computed again: its text came with the file. No value is in what is found.
 */
export async function checkRows(
  file: Buffer,
  path: string,
  notebook: ExportedNotebook,
  scope: VerbScope,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, table] of Object.entries(notebook.tables)) {
    const asset = name as AssetKey;
    const record = recordIn(notebook, asset, scope);
    if (record !== null) checks.push(await tableCheck(asset, table, record, path, scope));
  }
  for (const [name, { id }] of Object.entries(notebook.reports)) {
    const record = recordIn(notebook, name as AssetKey, scope);
    if (record !== null) checks.push(await reportCheck(name, blockIn(file, id), record));
  }
  const live = Object.keys(notebook.queries);
  if (live.length > 0 && checks.length > 0) {
    checks.push({
      what: `the rows of ${live.join(", ")}`,
      state: "not-checked",
      found: "live SQL is not computed again: what it reads is checked",
    });
  }
  return checks;
}

/** The materialisation that the mark of an asset names; null when it is not written down here. */
function recordIn(
  { provenance, snapshot, sample }: ExportedNotebook,
  asset: AssetKey,
  { workspace }: VerbScope,
): AssetRecord | null {
  const marked = Object.values(provenance).find((one) => one.provenance.cell === asset);
  const shown = snapshot.assets.find(({ key }) => key === asset)?.record;
  const version = marked?.provenance.data ?? shown?.dataVersion;
  const found = recordsOf(asset, sample, workspace.catalog).filter(
    ({ record }) => record.dataVersion === version,
  );
  // Of one content made several times any will do that is still there.
  const kept = found.find(({ record }) =>
    record.files.every(({ hash }) => existsSync(objectPath(workspace.paths.home, hash))),
  );
  return (kept ?? found[0])?.record ?? null;
}

async function tableCheck(
  asset: AssetKey,
  table: ExportedTable,
  record: AssetRecord,
  file: string,
  { workspace, signal, progress }: VerbScope,
): Promise<Check> {
  const what = `the rows of ${asset}`;
  const hash = record.files.find(({ name }) => name === record.table)?.hash;
  if (hash === undefined) return { what, state: "failed", found: "what was made has no table" };
  if (!existsSync(objectPath(workspace.paths.home, hash))) {
    return { what, state: "not-checked", found: `the files of run ${record.run} are not kept any more` };
  }
  if (record.rows !== null && table.of !== record.rows) {
    return {
      what,
      state: "failed",
      found: `it says that there are ${table.of ?? "some"} rows, there are ${record.rows}`,
    };
  }
  const order: CompareOrder = { file, table, objects: join(workspace.paths.home, "objects"), hash };
  try {
    const kernel = await workspace.kernels.get("work");
    const difference = (await kernel.call("compare-exported", order, {
      signal,
      progress: (now) => progress(asset, now),
    })) as TableDifference | null;
    return difference === null
      ? { what, state: "ok", found: leftOut(table) }
      : { what, state: "failed", found: placeOf(difference) };
  } catch (error) {
    const info = errorInfo(error);
    if (info.code !== "asset") throw error;
    return { what, state: "not-checked", found: info.message };
  }
}

function leftOut({ rows, of, without }: ExportedTable): string {
  const columns = without === 0 ? [] : [`${without} of its columns`];
  const tail = of === null || of <= rows ? [] : [`the rows after the first ${rows}`];
  const parts = [...columns, ...tail];
  return parts.length === 0 ? "" : `${parts.join(" and ")} are not in the file`;
}

function placeOf({ row, column }: TableDifference): string {
  if (row === null) return column === null ? "its columns are others" : `there is no column ${column}`;
  return column === null
    ? `they end or differ at row ${row}`
    : `they differ first at row ${row}, column ${column}`;
}

async function reportCheck(asset: string, base64: string | null, record: AssetRecord): Promise<Check> {
  const what = `the page of ${asset}`;
  const bytes = await unpack(Buffer.from(base64 ?? "", "base64"), { maxOutputLength: MOST_BYTES }).catch(
    () => null,
  );
  const isSame = bytes !== null && record.files.some(({ hash }) => hash === sha256(bytes));
  return { what, state: isSame ? "ok" : "failed", found: isSame ? "" : "it is not the page that was made" };
}
