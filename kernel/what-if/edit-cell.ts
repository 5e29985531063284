import { parse } from "csv-parse/sync";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { YAMLMap } from "yaml";

import { WorkspaceError } from "#protocol/error.ts";
import type { ModuleEdit } from "#protocol/what-if.ts";

import { inlineFiles, parseInline } from "../modules/inline.ts";
import { noRow, rowsMeant } from "./edit-module.ts";

/** One stretch of a text that becomes another. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * The text of a module that is a cell with some values of its variants changed. Everything else of it stays, comments
 * and layout too. A value that a row lacks is added at its end.
 *
 * @throws {WorkspaceError} `usage` for a row that the module does not have, `module` when it would not be one any more
 */
export function editCell(name: string, text: string, edits: readonly ModuleEdit[]): string {
  const edited = edits.reduce((now, edit) => withEdit(name, now, edit), text);
  const read = parseInline(name, edited);
  if ("module" in read) return edited;
  const [first] = read.problems.filter(({ severity }) => severity === "error");
  throw new WorkspaceError({
    code: "module",
    message: `${first?.at ?? name}: ${first?.message ?? "it would be broken"}`,
    hint: "Write a value that the module may have.",
  });
}

function withEdit(name: string, text: string, edit: ModuleEdit): string {
  const rows: unknown = parseDocument(text).get("variants");
  const [header = [], ...table] = parse(inlineFiles(name, text)["variants.csv"] ?? "");
  const meant = rowsMeant(header, table, edit);
  const stretches = meant.flatMap((at) => {
    const row: unknown = isSeq(rows) ? rows.items[at] : null;
    return isMap(row) ? [stretchOf(text, row, edit.column, edit.value)] : [];
  });
  if (stretches.length === 0) throw noRow(edit);
  const edited = stretches
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, stretch) => spliced(now, stretch), text);
  if (isEdited(cellsOf(name, text), cellsOf(name, edited), meant, edit)) return edited;
  throw new WorkspaceError({
    code: "usage",
    message: `${edit.column} of ${edit.variant} ${edit.genotype} is written in a way that is not changed here`,
    hint: `Change it in the text of ${name}.`,
  });
}

type Cells = readonly Readonly<Record<string, string>>[];

function cellsOf(name: string, text: string): Cells {
  return parse(inlineFiles(name, text)["variants.csv"] ?? "", { columns: true });
}

/** Whether the cells that are meant changed, and no other: other rows may repeat one by an alias. */
function isEdited(before: Cells, after: Cells, meant: readonly number[], edit: ModuleEdit): boolean {
  const columns = new Set([...before, ...after].flatMap((row) => Object.keys(row)));
  const cell = (rows: Cells, row: number, column: string): string => rows[row]?.[column] ?? "";
  return before.every((_, row) =>
    [...columns].every((column) =>
      column === edit.column && meant.includes(row)
        ? (cell(after, row, column) === "") === (edit.value.trim() === "")
        : cell(before, row, column) === cell(after, row, column),
    ),
  );
}

/**
 * The text of a cell that is a map, such as of quality filters, with other values of some keys; everything else stays.
 *
 * @throws {WorkspaceError} `usage` for a text that is no map
 */
export function editKeys(name: string, text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((now, [key, value]) => {
    const map: unknown = parseDocument(now).contents;
    if (isMap(map) && map.items.length > 0) return spliced(now, stretchOf(now, map, key, value));
    throw new WorkspaceError({
      code: "usage",
      message: `${name} holds no values by name`,
      hint: "Write the filters into it yourself, such as min_qual: 20.",
    });
  }, text);
}

function spliced(text: string, { from, to, text: value }: Stretch): string {
  return text.slice(0, from) + value + text.slice(to);
}

function stretchOf(text: string, row: YAMLMap, column: string, value: string): Stretch {
  const written = scalarText(value);
  const pair = row.items.find(({ key }) => isScalar(key) && key.value === column);
  if (pair !== undefined) {
    const [from, to] = rangeOf(pair.value) ?? [endOf(pair.key), endOf(pair.key)];
    // A value of several lines ends with its last one.
    const line = text.slice(from, to).endsWith("\n") ? "\n" : "";
    if (from === to) return { from, to, text: ` ${written}${text[to] === "#" ? " " : ""}` };
    return { from, to, text: `${written}${line}` };
  }
  const last = row.items.at(-1);
  const end = endOf(last?.value ?? last?.key);
  if (row.flow === true) return { from: end, to: end, text: `, ${column}: ${written}` };
  const first = rangeOf(row.items[0]?.key)?.[0] ?? 0;
  const indent = " ".repeat(first - (text.lastIndexOf("\n", first - 1) + 1));
  const added = `${indent}${column}: ${written}`;
  // After the line that it ends in: what is said of the last value there stays with it.
  const newline = text[end - 1] === "\n" ? end - 1 : text.indexOf("\n", end);
  if (newline < 0) return { from: text.length, to: text.length, text: `\n${added}` };
  return { from: newline + 1, to: newline + 1, text: `${added}\n` };
}

/** A number, a plain word, or anything between quotes; nothing is null. */
function scalarText(value: string): string {
  const trimmed = value.trim();
  if (trimmed === "") return "null";
  const isPlain =
    Number.isFinite(Number(trimmed)) || /^(?!true$|false$|null$|yes$|no$)[a-z_]+$/i.test(trimmed);
  return isPlain ? trimmed : JSON.stringify(trimmed);
}

/** From its first letter to after its last; null for what stands nowhere in the text. */
function rangeOf(node: unknown): readonly [number, number] | null {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : null;
}

function endOf(node: unknown): number {
  return rangeOf(node)?.[1] ?? 0;
}
