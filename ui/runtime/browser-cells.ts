import { holes } from "#graph/template-holes.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { CellView, NotebookView } from "#protocol/view.ts";

import { proseHoles } from "../cells/prose-html.ts";
import { analyseExpression, analyseScript } from "../js/analyse-script.ts";
import type { Script } from "../js/analyse-script.ts";
import { PAGE_NAMES } from "../js/builtin-names.ts";
import { problems } from "../js/problems.ts";
import { spanAt } from "#notebook/source-error.ts";
import { templateScript } from "../js/template-script.ts";

/** What the page makes of a cell: its own scripts, inputs and frames, live SQL, and prose. */
export type BrowserKind = "script" | "input" | "query" | "frame" | "prose";

/** A cell that the page computes or whose `${}` it computes. */
export interface BrowserCell {
  readonly cell: CellView;
  readonly kind: BrowserKind;
  readonly label: string;
  /** Null when it has an error, or nothing to compute (prose without `${}`). */
  readonly script: Script | null;
  /** Also of a cell with an error, as far as they can be told: what reads them is blocked by it. */
  readonly outputs: readonly string[];
  readonly disabled: boolean;
  readonly error: ErrorInfo | null;
}

/** The text of a `ts` cell without its types; null while the stripper is being loaded. */
export type StripTypes = (source: string) => string | ErrorInfo | null;

/** The kind of a cell in the page; null for what the kernel does alone. */
export function browserKind(cell: CellView): BrowserKind | null {
  if (cell.kind === "markdown") return "prose";
  // A script of the kernel is never run here, whatever is known of it yet.
  if (cell.asset !== null || "kernel" in cell.attributes) return null;
  if (cell.language === "sql") return "query";
  if (cell.inputs !== null) return null;
  switch (cell.language) {
    case "js":
    case "ts":
      return "script";
    case "input":
      return "input";
    case "html":
      return "frame";
    default:
      return null;
  }
}

/**
 * The cells of a notebook that the page computes, with the errors that can be told before any runs. A `ts` cell
 * whose types are not stripped yet is left out.
 *
 * @param assets names of the workspace's assets, which every notebook can read
 * @param deleted names that cells defined which a person deleted
 */
export function browserCells(
  notebook: NotebookView,
  assets: ReadonlySet<string>,
  strip: StripTypes,
  deleted: ReadonlySet<string> = new Set(),
): BrowserCell[] {
  const cells = notebook.cells.flatMap((cell) => analysed(cell, strip) ?? []);
  const found = problems(
    cells.map(({ cell, label, script, outputs }) => ({
      id: cell.id,
      label,
      inputs: script?.inputs ?? [],
      outputs,
      place: (input) => placeOf(cell.source, script, input),
    })),
    new Set([...assets, ...PAGE_NAMES]),
    deleted,
  );
  return cells.map((one) => {
    const problem = found.get(one.cell.id);
    return one.error !== null || problem === undefined
      ? one
      : { ...one, script: null, error: { ...problem, cell: nameOf(one.cell) } };
  });
}

function analysed(cell: CellView, strip: StripTypes): BrowserCell | null {
  const kind = browserKind(cell);
  if (kind === null) return null;
  const plain = { cell, kind, label: labelOf(cell), disabled: "disabled" in cell.attributes };
  const source = cell.language === "ts" ? strip(cell.source) : cell.source;
  if (source === null) return null;
  try {
    if (typeof source !== "string") return { ...plain, script: null, outputs: guessed(cell), error: source };
    const script = scriptOf(cell, kind, source);
    const outputs = kind === "query" ? (cell.name === null ? [] : [cell.name]) : (script?.outputs ?? []);
    return { ...plain, script, outputs, error: cell.error };
  } catch (error) {
    return {
      ...plain,
      script: null,
      outputs: guessed(cell),
      error: { ...errorInfo(error), cell: nameOf(cell) },
    };
  }
}

function scriptOf(cell: CellView, kind: BrowserKind, source: string): Script | null {
  switch (kind) {
    case "script":
      return analyseScript(source, cell.name);
    case "input":
      return analyseExpression(source, cell.name);
    case "query":
      return templateScript(source, holes(source, "sql").expressions);
    case "frame":
      return templateScript(source, holes(source, "prose").expressions);
    case "prose": {
      const found = proseHoles(source);
      return found.length === 0 ? null : templateScript(source, found);
    }
  }
}

/** What a cell that cannot be parsed would define. */
function guessed(cell: CellView): string[] {
  if (cell.language === "sql" || cell.language === "input") return cell.name === null ? [] : [cell.name];
  const declared = cell.source.matchAll(
    /^(?:const|let|var|class|(?:async )?function\*?)\s+([\p{L}_$][\w$]*)/gmu,
  );
  const names = [...declared].flatMap(([, name]) => name ?? []);
  return [...new Set(names.length === 0 && cell.name !== null ? [cell.name] : names)];
}

function placeOf(source: string, script: Script | null, input: string): ReturnType<typeof spanAt> | null {
  const use = script?.uses.get(input);
  // Places inside a template's holes are the hole's own, not the cell's.
  return use === undefined || source.slice(use.start, use.end) !== input
    ? null
    : spanAt(source, use.start, use.end);
}

/** Whether its loops may keep the page from everything else as long as they take. */
export function mayBlock({ attributes }: CellView): boolean {
  return "blocking" in attributes;
}

/** How errors name a cell. */
export function nameOf(cell: CellView): string {
  return cell.name ?? cell.id;
}

function labelOf(cell: CellView): string {
  if (cell.name !== null) return `cell ${cell.name}`;
  const [first = ""] = cell.source.trim().split("\n");
  return `the cell that begins “${first.length > 32 ? `${first.slice(0, 31)}…` : first}”`;
}
