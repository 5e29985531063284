import { holes } from "#graph/template-holes.ts";
import type { QueryRequest, QueryValue } from "#protocol/messages.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { count } from "#protocol/numerals.ts";

import { proseHtml } from "../cells/prose-html.ts";
import type { TableServer } from "../table/asset-table.ts";
import { heldTable } from "../table/held-table.ts";
import { rowCount } from "../table/table-pages.ts";
import type { ArrowPage } from "../table/table-pages.ts";
import type { Arrivals } from "./arrivals.ts";
import { mayBlock, nameOf } from "./browser-cells.ts";
import { builtin } from "./builtins.ts";
import { chosenRows } from "./chosen-rows.ts";
import { assetVariable, cellVariable, versionOf } from "./definitions.ts";
import type { Definition } from "./definitions.ts";
import { filledHtml } from "./frame-html.ts";
import { input, isValues, mapValues } from "./generators.ts";
import type { Values } from "./generators.ts";
import { blockedBy, given } from "./given.ts";
import { describe } from "./inspect.ts";
import type { CellFunction, LoadScript } from "./load-script.ts";
import type { Output } from "./output.ts";
import { NOTHING } from "./output.ts";
import { decimal } from "../words/numbers.ts";
import { queryValue } from "./query-values.ts";
import { scriptError } from "./script-error.ts";
import type { Display, Stage } from "./stage.ts";
import { ROWS_READ, rowsOf, tableOf } from "./table-rows.ts";

export interface PageServer extends TableServer {
  /**
   * Rows of a live query; it is cancelled in the engine when the signal fires. `came` is told of all that is there
   * whenever more has come.
   */
  readonly query: (
    query: QueryRequest,
    signal: AbortSignal,
    came?: (page: ArrowPage) => void,
  ) => Promise<ArrowPage>;
}

/** What computing needs of the page. */
export interface Surroundings {
  readonly server: PageServer;
  readonly load: LoadScript;
  readonly stage: (cell: string) => Stage;
  readonly arrivals: Arrivals;
  /** Sets an input to where it is to stand when it is made. */
  readonly prepare: (cell: string, element: Element) => void;
}

type Computed = Output | Values<Output> | Promise<Output | Values<Output>>;
type Inputs = ReadonlyMap<string, Output>;

/** Computes any variable but an asset's. What user code throws is an `error` with its place, never a rejection. */
export function compute(
  definition: Exclude<Definition, { of: "asset" }>,
  inputs: Inputs,
  signal: AbortSignal,
  around: Surroundings,
): Computed {
  switch (definition.of) {
    case "broken":
      return { kind: "error", error: definition.error };
    case "builtin":
      return valueOf(builtin(definition.builtin));
    case "rows":
      return rows(definition, inputs, signal, around.server);
    case "prose":
      return definition.script === null
        ? { kind: "markup", html: proseHtml(definition.cell.source) }
        : template(definition, inputs, around, (values) => ({
            kind: "markup",
            html: proseHtml(
              definition.cell.source,
              values.map((value) => inline(value)),
            ),
          }));
    case "frame":
      return template(definition, inputs, around, (values) => ({
        kind: "frame",
        html: filledHtml(holes(definition.cell.source, "prose").texts, values),
      }));
    case "values":
      return template(definition, inputs, around, (values) => ({
        kind: "variable",
        value: boundValues(definition.cell.source, values),
        notes: [],
      }));
    case "query":
      return query(definition, inputs, signal, around);
    case "script":
    case "input":
      return script(definition, inputs, signal, around);
    case "output":
      return output(definition, inputs);
  }
}

type Scripted = Extract<Definition, { of: "prose" | "frame" | "values" | "script" | "input" }>;

/** A browser never forgets a module: one for each run would grow with every move of a slider. */
const functions = new WeakMap<Scripted, Promise<CellFunction>>();

/** The function of a definition, whose module is loaded for its first run. */
function functionOf(definition: Scripted, module: string, load: LoadScript): Promise<CellFunction> {
  const known = functions.get(definition);
  if (known !== undefined) return known;
  const { cell } = definition;
  const made = load(module, { cell: nameOf(cell), mayBlock: mayBlock(cell) });
  functions.set(definition, made);
  made.catch(() => functions.delete(definition));
  return made;
}

/** Decimals of a number between words. */
const PROSE_DIGITS = 3;

/** A number as people read it, as the tables do, and everything else as text. */
function inline(value: unknown): string {
  if (typeof value === "number") return decimal(value, PROSE_DIGITS);
  return typeof value === "bigint" ? count(value) : describe(value);
}

async function valueOf(value: Promise<unknown>): Promise<Output | Values<Output>> {
  const known = await value;
  const variable = (one: unknown): Output => ({ kind: "variable", value: one, notes: [] });
  return isValues(known) ? mapValues(known, variable, failedWith) : variable(known);
}

function failedWith(error: unknown): Output {
  return { kind: "error", error: errorInfo(error) };
}

async function rows(
  { asset, inputs: [name = ""] }: Extract<Definition, { of: "rows" }>,
  inputs: Inputs,
  signal: AbortSignal,
  server: PageServer,
): Promise<Output> {
  const known = inputs.get(name);
  if (known?.kind === "error") return blockedBy(asset.key, known.error);
  if (known?.kind === "value") return { kind: "variable", value: known.text, notes: [] };
  const { record, key, partition } = asset;
  if (record === null || asset.output !== "table") {
    return blockedBy(key, {
      code: "asset",
      message: record === null ? `${key} is not made yet` : `${key} is no table`,
      hint: record === null ? `Run ${key}.` : "Read an asset that is one.",
    });
  }
  const version = asset.past === true ? { version: record.dataVersion } : {};
  const window = { asset: key, partition, offset: 0, limit: ROWS_READ, ...version };
  const table = tableOf(await server.firstRows(window, signal));
  chosenRows.name(table, assetVariable(key), versionOf(asset));
  const cut = record.rows !== null && record.rows > ROWS_READ;
  const notes = cut
    ? [`reads the first ${count(ROWS_READ)} of ${count(record.rows ?? 0)} rows of ${key}`]
    : [];
  return { kind: "variable", value: table, notes };
}

async function template(
  definition: Extract<Definition, { of: "prose" | "frame" | "values" }>,
  inputs: Inputs,
  { load }: Surroundings,
  result: (values: readonly unknown[]) => Output,
): Promise<Output> {
  const known = given(definition.inputs, inputs);
  if ("kind" in known) return known;
  const { cell, script } = definition;
  if (script === null) return NOTHING;
  try {
    const run = await functionOf(definition, script.module, load);
    return result(await Promise.all((await run(...known.values)) as readonly unknown[]));
  } catch (error) {
    return { kind: "error", error: scriptError(error, nameOf(cell)) };
  }
}

/** @throws {WorkspaceError} `notebook` with the place of the `${}` whose value cannot be bound */
function boundValues(source: string, values: readonly unknown[]): QueryValue[] {
  const { expressions } = holes(source, "sql");
  return values.map((value, index) => {
    try {
      return queryValue(value);
    } catch (error) {
      const hole = expressions[index];
      if (!(error instanceof WorkspaceError) || hole === undefined) throw error;
      const [{ length } = ""] = hole.text.split("\n");
      const span = { line: hole.line, column: hole.column, length: Math.max(1, length) };
      throw new WorkspaceError({ ...error.info, span }, { cause: error });
    }
  });
}

async function query(
  definition: Extract<Definition, { of: "query" }>,
  inputs: Inputs,
  signal: AbortSignal,
  { server, arrivals }: Surroundings,
): Promise<Output> {
  const { cell, cells, notebook, partition, versions, at } = definition;
  arrivals.forget(definition.name);
  const own = inputs.get(`values:${cell.id}`);
  if (own?.kind === "error") return own;
  const names = cells.map((id) => `values:${id}`);
  const known = given(names, inputs);
  if ("kind" in known) return known;
  for (const [name, output] of inputs) {
    if (output.kind === "error" && !names.includes(name)) return blockedBy(name, output.error);
  }
  const values = Object.fromEntries(
    cells.map((id, index) => [id, known.values[index] as readonly QueryValue[]]),
  );
  const asked = { notebook, cell: cell.id, partition, values, limit: ROWS_READ + 1 };
  const receiving = arrivals.begin(definition.name, signal);
  try {
    const past = {
      ...(Object.keys(versions).length === 0 ? {} : { versions }),
      ...(at === undefined ? {} : { at }),
    };
    const page = await server.query({ ...asked, ...past }, receiving.signal, receiving.came);
    receiving.end();
    const cut = rowCount(page) > ROWS_READ;
    const kept = cut ? rowsOf(page, 0, ROWS_READ) : page;
    const table = heldTable(kept, cut);
    const notes = cut ? [`${nameOf(cell)} is cut after its first ${count(ROWS_READ)} rows`] : [];
    const rows = tableOf(kept);
    chosenRows.name(rows, cellVariable(cell.id), table);
    return { kind: "table", table, rows, notes };
  } catch (error) {
    if (receiving.wasStopped()) {
      receiving.keep();
      return { kind: "error", error: { ...STOPPED, cell: nameOf(cell) } };
    }
    receiving.end();
    if (!(error instanceof WorkspaceError)) throw error;
    return { kind: "error", error: { cell: nameOf(cell), ...error.info } };
  }
}

/** What reads a result that a person stopped is not given a part of it. */
const STOPPED: ErrorInfo = {
  code: "cancelled",
  message: "stopped before all its rows were there",
  hint: "Run it again.",
};

async function script(
  definition: Extract<Definition, { of: "script" | "input" }>,
  inputs: Inputs,
  signal: AbortSignal,
  { load, stage, prepare }: Surroundings,
): Promise<Output | Values<Output>> {
  const known = given(definition.inputs, inputs);
  if ("kind" in known) return known;
  const { cell, of } = definition;
  const { module, cellInputs, expression, outputs } = definition.script;
  const { notes } = known;
  const display = stage(cell.id).begin();
  const failed = (error: unknown): Output => ({ kind: "error", error: scriptError(error, nameOf(cell)) });
  const named = (value: unknown): Output => ({
    kind: "cell",
    outputs: Object.fromEntries(outputs.map((name) => [name, value])),
    notes,
  });
  try {
    const run = await functionOf(definition, module, load);
    const value = await run(...cellInputs.map((name) => cellInput(name, display, signal)), ...known.values);
    if (signal.aborted) return NOTHING;
    if (!expression) {
      display.finish();
      return { kind: "cell", outputs: value as Readonly<Record<string, unknown>>, notes };
    }
    if (of === "input") {
      const element = inputElement(value);
      prepare(cell.id, element);
      return named(input(display.show(element)));
    }
    if (isValues(value) && !(value instanceof Node)) {
      return mapValues(value, (one) => (display.replace(one), named(one)), failed);
    }
    if (value !== undefined || !cellInputs.includes("display")) display.show(value);
    display.finish();
    return named(value);
  } catch (error) {
    return failed(error);
  }
}

function cellInput(name: string, display: Display, signal: AbortSignal): unknown {
  if (name === "display") return (value: unknown) => display.show(value);
  if (name === "view") return (element: unknown) => input(display.show(inputElement(element)));
  return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/** A plot is an input too, of what is pointed at: its element is of SVG. */
function inputElement(value: unknown): Element {
  if (value instanceof Element) return value;
  throw new WorkspaceError({
    code: "notebook",
    message: `this gives no input: ${describe(value).slice(0, 80)}`,
    hint: "Give it one, such as Inputs.range([0, 100], {step: 1}).",
  });
}

/** A promise that a cell defines is waited for: what reads it sees what it becomes. */
async function output(
  { output: name, label, by, inputs: [cell = ""] }: Extract<Definition, { of: "output" }>,
  inputs: Inputs,
): Promise<Output | Values<Output>> {
  const made = inputs.get(cell);
  if (made?.kind === "error") return { kind: "blocked", by: label, error: made.error };
  if (made?.kind === "blocked") return made;
  if (made?.kind === "table") return { kind: "variable", value: made.rows, notes: made.notes };
  if (made?.kind === "frame") return { kind: "variable", value: made.html, notes: [] };
  if (made?.kind !== "cell") return blockedBy(name, { code: "notebook", message: `${name} has no value` });
  const variable = (one: unknown): Output => ({ kind: "variable", value: one, notes: made.notes });
  const failed = (error: unknown): Output => ({ kind: "error", error: scriptError(error, by) });
  try {
    const value = await made.outputs[name];
    return isValues(value) && !(value instanceof Node) ? mapValues(value, variable, failed) : variable(value);
  } catch (error) {
    return failed(error);
  }
}
