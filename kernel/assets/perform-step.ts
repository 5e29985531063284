import { copyFile, link, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { InputFiles, StepOrder } from "#protocol/kernel-messages.ts";
import type { ColumnSource, Produced } from "#protocol/record.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { makeCommand } from "#protocol/shell-words.ts";

import type { CellType, Step, StepResult, WorkContext } from "../cells/cell-type.ts";
import { codeVersion } from "../cells/code-version.ts";
import { hashValue } from "../cells/hash-value.ts";
import type { RowSample } from "../engines/row-sample.ts";
import { tableFacts } from "../engines/table-facts.ts";
import { checkPart, checkTable } from "./check-table.ts";
import { withOrigins } from "./column-origins.ts";
import { columnShapes } from "./column-shapes.ts";
import { store, verify } from "./object-store.ts";

/**
 * Makes one asset: inputs are checked, the cell writes into a private staging directory, and what it wrote is
 * moved into the object store. Nothing is published: that is the catalog's record. Whatever happens, the staging
 * directory is gone afterwards.
 */
export async function performStep(order: StepOrder, type: CellType, context: WorkContext): Promise<Produced> {
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  let sample: RowSample | null = null;
  try {
    if (type.materialise === undefined) throw new Error(`${type.name} cells are not materialised`);
    for (const input of [...order.inputs, ...order.others]) {
      for (const { hash } of Object.values(input.files)) await verify(order.objects, hash);
    }
    await mkdir(order.staging, { recursive: true, mode: 0o700 });
    const parts = await partsOf(order, type, context);
    const result = await type.materialise(stepOf(order), context);
    sample = result.sample ?? null;
    if (hashValue(await partsOf(order, type, context)) !== hashValue(parts)) throw changed(order);
    context.signal.throwIfAborted();
    const table = result.files.find((name) => name === result.table);
    // Before anything is kept: what is broken never stands.
    if (table !== undefined) await checkTable(order, join(order.staging, table), context);
    context.progress({ phase: "keeping the result" });
    const reading =
      table === undefined
        ? Promise.resolve(null)
        : factsOf(join(order.staging, table), result, order, context);
    const files = await store(order.staging, result.files, order.objects, reading);
    const facts = await reading;
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      ...produced(result),
      ...(parts === null ? {} : { parts }),
      files,
      rows: facts?.rows ?? null,
      columns: facts?.columns ?? [],
      ...(facts?.rowsFrom === undefined ? {} : { rowsFrom: facts.rowsFrom }),
      seconds,
      cpuPercent: (user + system) / 1e4 / seconds,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    sample?.close();
    await rm(order.staging, { recursive: true, force: true });
    await rm(linksOf(order), { recursive: true, force: true });
  }
}

/** What a cell is made of now, when that is more than its text: since it was analysed, files may have changed. */
async function partsOf(
  { cell }: StepOrder,
  type: CellType,
  { notebooks, software, connectShared }: WorkContext,
): Promise<Readonly<Record<string, string>> | null> {
  if (type.ofFiles !== true) return null;
  const { parts, output } = await type.analyse(cell, { notebooks, modules: [], connect: connectShared });
  const check = await checkPart(cell, output === "table", connectShared);
  return { ...parts, ...check, karyon: codeVersion(type, software) };
}

function changed({ asset }: StepOrder): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `files of ${asset} changed while it was made`,
    hint: "Run it again when they are whole.",
  });
}

function stepOf(order: StepOrder): Step {
  return {
    ...order,
    input(name) {
      const input = order.inputs.find((one) => one.asset === name);
      if (input !== undefined) return input;
      throw new WorkspaceError({
        code: "asset",
        message: `${order.asset} needs ${name}, which is not there`,
        hint: `Materialise it: ${makeCommand(name as AssetKey, order.partition)}`,
      });
    },
    directory: (input) => linkFiles(input, join(linksOf(order), encodeURIComponent(input.asset))),
  };
}

function linksOf(order: StepOrder): string {
  return `${order.staging}.inputs`;
}

/** Gives the files of an input their own names again. */
export async function linkFiles(input: InputFiles, directory: string): Promise<string> {
  for (const [name, { path }] of Object.entries(input.files)) {
    const target = join(directory, name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await link(path, target).catch(() => copyFile(path, target));
  }
  return directory;
}

async function factsOf(
  path: string,
  { sample, encoded = [], lineage }: Pick<StepResult, "sample" | "encoded" | "lineage">,
  { inputs }: Pick<StepOrder, "inputs">,
  context: WorkContext,
): Promise<{ rows: number } & Pick<Produced, "columns" | "rowsFrom">> {
  const connection = await context.connectShared();
  try {
    const facts = await tableFacts(connection, path);
    const columns = await columnShapes(connection, path, facts, sample);
    return {
      rows: facts.rows,
      ...withEncoding(withOrigins(columns, lineage ?? null), encoded, inputs),
    };
  } finally {
    connection.close();
  }
}

/** Text is percent-encoded where the cell says so, and where it is a copy of a column whose text is. */
function withEncoding<Of extends Pick<Produced, "columns">>(
  facts: Of,
  encoded: readonly string[],
  inputs: readonly InputFiles[],
): Of {
  const isEncoded = ({ asset, column }: ColumnSource): boolean =>
    inputs.some((input) => input.asset === asset && input.encoded?.includes(column) === true);
  const columns = facts.columns.map((one) => {
    const { how, of = [] } = one.origin ?? {};
    const isCopy = how === "copied" && of.length > 0 && of.every(isEncoded);
    return isCopy || encoded.includes(one.name) ? { ...one, encoded: true as const } : one;
  });
  return { ...facts, columns };
}

function produced(
  result: StepResult,
): Pick<Produced, "table" | "facts" | "modules" | "reference" | "engine"> {
  return {
    table: result.table,
    facts: result.facts,
    modules: result.modules ?? [],
    reference: result.reference ?? null,
    engine: result.engine ?? null,
  };
}
