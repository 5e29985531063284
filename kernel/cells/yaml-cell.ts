import { LineCounter, parseDocument } from "yaml";
import type { Document } from "yaml";
import type { z } from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { schemaWords, yamlValue, yamlWords } from "../schema-words.ts";

const HINT = "Mend the cell's text.";

/**
 * The value of a cell written in YAML.
 *
 * @throws {WorkspaceError} `notebook` with line and column where the YAML, or a key of it, is off
 */
export function readYaml<Schema extends z.ZodType>(cell: CellText, schema: Schema): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(cell.source, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw invalid(cell, { message: yamlWords(error), hint: HINT }, lines.linePos(error.pos[0]));
  }
  const parsed = schema.safeParse(valueOf(cell, document) ?? {}, { error: schemaWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String) ?? [];
  throw yamlProblem(cell, path, {
    message: `${path.join(".") || "cell"}: ${issue?.message ?? "not valid"}`,
    hint: HINT,
  });
}

function valueOf(cell: CellText, document: Document): unknown {
  try {
    return yamlValue(document);
  } catch (error) {
    // An alias of nothing, or of too much, is found out only here.
    throw invalid(cell, { message: yamlWords(error), hint: HINT }, { line: 1, col: 1 });
  }
}

/** An error at a value of a cell written in YAML. */
export function yamlProblem(
  cell: CellText,
  path: readonly string[],
  problem: { readonly message: string; readonly hint: string },
): WorkspaceError {
  const lines = new LineCounter();
  const document = parseDocument(cell.source, { lineCounter: lines, prettyErrors: false });
  const node = path.length > 0 ? document.getIn(path, true) : document.contents;
  const range =
    typeof node === "object" && node !== null && "range" in node ? (node.range as number[] | null) : null;
  return invalid(cell, problem, lines.linePos(range?.[0] ?? 0));
}

function invalid(
  cell: CellText,
  problem: { readonly message: string; readonly hint: string },
  { line, col }: { readonly line: number; readonly col: number },
): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    ...problem,
    cell: cell.name,
    span: { line, column: col, length: 1 },
  });
}
