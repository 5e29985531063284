import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Document, YAMLMap, YAMLSeq } from "yaml";

import { yamlValue, yamlWords } from "../schema-words.ts";
import { isBroken } from "./module.ts";
import type { AuthoredModule, BrokenModule, ModuleFiles } from "./module.ts";
import { parseModule } from "./parse.ts";
import type { Problem } from "./problem.ts";
import { RESOLUTION_COLUMNS } from "./resolution.ts";
import { STUDY_COLUMNS } from "./studies.ts";
import type { TableColumns } from "./table.ts";
import { VARIANT_COLUMNS } from "./variants.ts";
import { offsetOf } from "./yaml-offset.ts";

/** Keys of the text beside the tables; what `module_spec.yaml` has at its top may stand in `module` too. */
const SPEC_KEYS = ["schema_version", "defaults", "genome_build", "license", "authorship", "weighting"];
const TABLES = ["variants", "studies", "resolution"] as const;
type Table = (typeof TABLES)[number];

const COLUMNS: Readonly<Record<Table, TableColumns>> = {
  variants: VARIANT_COLUMNS,
  studies: STUDY_COLUMNS,
  resolution: RESOLUTION_COLUMNS,
};

/** A problem with its place in the text, 1-based. */
export interface PlacedProblem extends Problem {
  readonly line: number;
  readonly column: number;
}

export type InlineModule =
  | { readonly module: AuthoredModule; readonly value: unknown }
  | { readonly problems: readonly PlacedProblem[] };

/**
 * Reads a small annotation module written as one YAML document: `module` (title and what else
 * `module_spec.yaml` says), `variants`, `studies` and, where coordinates are known by rsID, `resolution`: lists of rows
 * with the columns of the CSV files. It is held to the same rules as a folder. Its name is `name`.
 */
export function parseInline(name: string, text: string): InlineModule {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const unread = (message: string, offset: number): InlineModule => {
    const place = at(offset);
    const where = `${name}:${place.line}:${place.column}`;
    return { problems: [{ severity: "error", at: where, field: null, message, ...place }] };
  };
  const [error] = document.errors;
  if (error !== undefined) return unread(yamlWords(error), error.pos[0]);
  let value: unknown;
  try {
    value = yamlValue(document) ?? {};
  } catch (aliases) {
    // An alias of nothing, or of too much, is found out only here.
    return unread(yamlWords(aliases), 0);
  }
  const place = (file: string, field: string | null): { line: number; column: number } =>
    at(offsetOf(document, pathOf(file, field)));
  const early = shapeProblems(document, name);
  const parsed = early.length > 0 ? { name, problems: early } : parseModule(name, filesOf(name, document));
  return placed(name, parsed, value, place);
}

/** The texts that a folder with the same module would have. The text is one that {@link parseInline} takes. */
export function inlineFiles(name: string, text: string): ModuleFiles {
  return filesOf(name, parseDocument(text, { prettyErrors: false }));
}

function filesOf(name: string, document: Document): ModuleFiles {
  return {
    "module_spec.yaml": specText(name, (document.toJS() ?? {}) as Record<string, unknown>),
    "variants.csv": tableText(document, "variants"),
    "studies.csv": tableText(document, "studies"),
    "resolution.csv": tableText(document, "resolution"),
  };
}

function placed(
  name: string,
  parsed: AuthoredModule | BrokenModule,
  value: unknown,
  place: (file: string, field: string | null) => { line: number; column: number },
): InlineModule {
  const where = (file: string, field: string | null = null): string => {
    const { line, column } = place(file, field);
    return `${name}:${line}:${column}`;
  };
  const told = (problem: Problem): PlacedProblem => ({
    ...problem,
    at: where(problem.at, problem.field),
    // Of a whole table there is no place that would say which one.
    field: problem.field ?? /^(\w+)\.csv$/.exec(problem.at)?.[1] ?? null,
    message: problem.message.replaceAll(/\b(?:variants|studies|resolution)\.csv:\d+/g, (file) => where(file)),
    ...place(problem.at, problem.field),
  });
  if (isBroken(parsed)) return { problems: parsed.problems.map((problem) => told(problem)) };
  return {
    value,
    module: {
      ...parsed,
      variants: parsed.variants.map((row) => ({ ...row, at: where(row.at) })),
      studies: parsed.studies.map((row) => ({ ...row, at: where(row.at) })),
      warnings: parsed.warnings.map((problem) => told(problem)),
    },
  };
}

/** What has no row or column that the readers of the tables could name. */
function shapeProblems(document: Document, name: string): Problem[] {
  const problems: Problem[] = [];
  const wrong = (at: string, field: string | null, message: string): void => {
    problems.push({ severity: "error", at, field, message });
  };
  if (!isMap(document.contents)) {
    wrong("module_spec.yaml", null, "not a module: write module, variants and studies");
    return problems;
  }
  const known = ["module", ...SPEC_KEYS, ...TABLES];
  for (const { key } of document.contents.items) {
    const text = String(isScalar(key) ? key.value : key);
    if (!known.includes(text)) wrong("module_spec.yaml", text, `unknown key; there are ${known.join(", ")}`);
  }
  if (!isMap(document.get("module")))
    wrong("module_spec.yaml", "module", "is not there: write a title at least");
  const own = document.getIn(["module", "name"]);
  if (own !== undefined && own !== name)
    wrong("module_spec.yaml", "module.name", `the module has the name of its cell: ${name}`);
  for (const table of TABLES) {
    const rows = document.get(table);
    if (rows === undefined || rows === null) continue;
    if (!isSeq(rows)) wrong(`${table}.csv`, null, "not a list of rows");
    else
      for (const [i, row] of rows.items.entries())
        if (!isMap(row)) wrong(`${table}.csv:${i + 2}`, null, "not a row of columns");
        else
          for (const rest of cutOff(row, rows, COLUMNS[table]))
            wrong(`${table}.csv:${i + 2}`, rest, "not a column; put a cell with a comma in it in quotes");
  }
  return problems;
}

/**
 * What YAML makes of the rest of a cell behind a comma, as in `{weight: -1,5}`: a key without a value, which is no column
 * and has none in any other row either.
 */
function cutOff(row: YAMLMap, rows: YAMLSeq, { known }: TableColumns): string[] {
  const isFilled = (name: string): boolean =>
    rows.items.some(
      (one) => isMap(one) && entriesOf(one).some((entry) => entry.name === name && entry.filled),
    );
  return entriesOf(row).flatMap(({ name, filled }) =>
    filled || known.includes(name) || isFilled(name) ? [] : [name],
  );
}

function entriesOf(row: YAMLMap): { readonly name: string; readonly filled: boolean }[] {
  return row.items.map(({ key, value }) => ({
    name: String(isScalar(key) ? key.value : key),
    filled: !(value === null || (isScalar(value) && value.value === null)),
  }));
}

function specText(name: string, value: Record<string, unknown>): string {
  const { module = {}, ...rest } = value as { module?: Record<string, unknown> };
  const own = { ...module };
  const spec: Record<string, unknown> = { schema_version: "1.0", genome_build: "GRCh38" };
  for (const key of SPEC_KEYS) {
    const found = own[key] ?? (rest as Record<string, unknown>)[key];
    delete own[key];
    if (found !== undefined)
      spec[key] = key === "weighting" && typeof found === "string" ? { note: found } : found;
  }
  return JSON.stringify({ ...spec, module: { description: own["title"], ...own, name } });
}

/** The rows as CSV, one line each; null: the table is not there. */
function tableText(document: Document, table: Table): string | null {
  const rows = document.toJS() as Record<Table, readonly Record<string, unknown>[] | undefined>;
  const list = rows[table];
  if (list === undefined || list === null) return null;
  // A column that no row has is told of each row, at its place.
  const needed = COLUMNS[table].needed.flatMap(([name]) => name ?? []);
  const columns = [...new Set([...list.flatMap((row) => Object.keys(row)), ...needed])];
  return [columns, ...list.map((row) => columns.map((column) => cellText(row[column])))]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
    .join("\n");
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value)
    ? value.join(",")
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
  return text.replaceAll(/\s*[\r\n]+\s*/g, " ");
}

/** Where a problem of a file of a folder lies in the document: `variants.csv:3` is the second row of `variants`. */
function pathOf(file: string, field: string | null): (string | number)[] {
  const found = /^(\w+)\.csv(?::(\d+))?$/.exec(file);
  if (found === null) return field === null ? [] : field.split(".");
  const [, table = "", line] = found;
  const row = line === undefined || Number(line) < 2 ? [] : [Number(line) - 2];
  return [table, ...row, ...(field === null ? [] : [field])];
}
