import { between, blockElement, blockIn, fileAround, inertJson } from "#notebook/exported-file.ts";
import { sha256 } from "#notebook/sha256.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ExportedBlock, ExportedNotebook } from "#protocol/exported.ts";
import { EXPORT_FORMAT, NOTEBOOK_ELEMENT, RUNTIME_ELEMENT } from "#protocol/exported.ts";
import { canonicalText } from "#protocol/provenance.ts";

/** One thing that was looked at. `not-checked` says that nobody could look, and is no failure. */
export interface Check {
  readonly what: string;
  readonly state: "ok" | "failed" | "not-checked";
  /** What was found, for a failure and for what could not be checked; empty otherwise. */
  readonly found: string;
}

export interface VerifiedFile {
  readonly notebook: ExportedNotebook;
  /** SHA-256 (hex) of what is shown, as it is now. */
  readonly seal: string;
  readonly checks: readonly Check[];
}

const JSON_START = `<script type="application/json" id="${NOTEBOOK_ELEMENT}">`;
const SCRIPT_START = `<script id="${RUNTIME_ELEMENT}">`;
const SCRIPT_END = "</script>";

/** Whether these bytes are an exported notebook, whole or not. */
export function isExportedNotebook(file: Buffer): boolean {
  return file.includes(JSON_START);
}

/**
 * Checks an exported notebook by itself: its seal, the marks, every block, and that nothing else is in the file. Who
 * changes a file and all of its hashes with it is found out by a workspace alone, or by the seal that the export
 * printed.
 *
 * @throws {WorkspaceError} `asset` for a file that holds no notebook that can be read
 */
export function verifyFile(file: Buffer): VerifiedFile {
  const text = between(file, JSON_START, SCRIPT_END);
  const notebook = parsed(text);
  const seal = sha256(text);
  const written = between(file, '<meta name="karyon-seal" content="', '">');
  const blocks = blocksOf(notebook).map((block) => [block, blockIn(file, block.id)] as const);
  const checks = [
    check("the seal is that of what is shown", seal === written, "what is shown was changed"),
    check(
      "what is shown is written as Karyon writes it",
      text === inertJson(canonicalText(notebook)),
      "it was edited by hand",
    ),
    ...Object.values(notebook.provenance).map(({ mark, provenance }) =>
      check(
        `the mark of ${provenance.cell}`,
        mark === sha256(canonicalText(provenance)),
        `how ${provenance.cell} was made was changed`,
      ),
    ),
    ...blocks.map(([block, base64]) => blockCheck(notebook, block, base64)),
    check(
      "nothing else is in the file",
      isWhole(file, text, notebook, blocks),
      "something was added or changed around it",
    ),
  ];
  return { notebook, seal, checks };
}

function blockCheck(notebook: ExportedNotebook, block: ExportedBlock, base64: string | null): Check {
  const what = `data of ${ownerOf(notebook, block)} (${block.id})`;
  if (base64 === null) return { what, state: "failed", found: "it is missing" };
  const bytes = Buffer.from(base64, "base64");
  return check(what, bytes.length === block.bytes && sha256(bytes) === block.sha256, "it was changed");
}

/** Whether the file is these parts and nothing more: written again from them, it is the same bytes. */
function isWhole(
  file: Buffer,
  text: string,
  { snapshot, software, runtime }: ExportedNotebook,
  blocks: readonly (readonly [ExportedBlock, string | null])[],
): boolean {
  const script = between(file, SCRIPT_START, SCRIPT_END);
  const style = between(file, "<style>", "</style>");
  if (sha256(script) !== runtime.script || sha256(style) !== runtime.style) return false;
  const { before, after } = fileAround({
    title: snapshot.notebook.title,
    software,
    script,
    style,
    notebook: text,
  });
  const middle = blocks.map(([{ id }, base64]) => blockElement(id, base64 ?? "")).join("");
  return file.equals(Buffer.from(before + middle + after));
}

/** Every block, in the order of the file. */
function blocksOf({ tables, queries, reports }: ExportedNotebook): ExportedBlock[] {
  const all = [
    ...Object.values(tables).flatMap(({ blocks }) => [...blocks]),
    ...Object.values(queries).flatMap((query) => ("table" in query ? [...query.table.blocks] : [])),
    ...Object.values(reports),
  ];
  const number = ({ id }: ExportedBlock): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
  return all.toSorted((a, b) => number(a) - number(b));
}

function ownerOf({ tables, queries, reports }: ExportedNotebook, { id }: ExportedBlock): string {
  const has = (blocks: readonly ExportedBlock[]): boolean => blocks.some((block) => block.id === id);
  const owner = [
    ...Object.entries(tables).filter(([, table]) => has(table.blocks)),
    ...Object.entries(queries).filter(([, query]) => "table" in query && has(query.table.blocks)),
    ...Object.entries(reports).filter(([, block]) => has([block])),
  ][0];
  return owner?.[0] ?? "nothing";
}

function parsed(text: string): ExportedNotebook {
  try {
    const notebook = JSON.parse(text) as ExportedNotebook;
    if (notebook.format === EXPORT_FORMAT) return notebook;
    throw damaged(`another format: ${String(notebook.format)}`);
  } catch (error) {
    throw error instanceof WorkspaceError ? error : damaged("what it shows cannot be read");
  }
}

function check(what: string, isSo: boolean, found: string): Check {
  return { what, state: isSo ? "ok" : "failed", found: isSo ? "" : found };
}

function damaged(how: string): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `this exported notebook is damaged: ${how}`,
    hint: "Export it again.",
  });
}
