import { readFileSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { runInNewContext } from "node:vm";

import nunjucks from "nunjucks";

import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { bytes, counted, signed } from "#protocol/numerals.ts";

import "./nunjucks-repairs.ts";
import { grouped, moment } from "./numerals.ts";
import { templateNames } from "./template-names.ts";
import { nodesOf, parseTemplate, WHITESPACE } from "./template-syntax.ts";

/** A report template: nunjucks text, and the only directory that its includes may come from. */
export interface ReportTemplate {
  /** Such as `longevity.njk`, or the name of the cell that it is written in; stands in errors. */
  readonly name: string;
  readonly text: string;
  readonly searchPath: string;
  /** Whether it is written in a cell. */
  readonly inCell?: boolean;
}

/** What a template is made of and reads, its parts taken with it. */
export interface TemplateReading {
  /** Names that it looks up, without those it gives itself. */
  readonly names: readonly string[];
  /** Name inside the folder of the templates → text, of each file that it takes in. */
  readonly files: ReadonlyMap<string, string>;
}

/** The rendered text, and the literal style elements of the template and its parts. */
export interface Rendered {
  readonly body: string;
  readonly styles: readonly string[];
}

/** Digits of a hash that are shown. */
const SHORT_HASH = 12;
/** An allele longer than this is shown by its ends and its length. */
const LONGEST_ALLELE = 24;
/** A template that has run for so long is taken for one that never ends. */
const RENDER_MS = 30_000;
/** What `range` may count. */
const MOST_NUMBERS = 1_000_000;

/** Filters of the templates. Each takes one kind of value: another is an error in the template. */
const FILTERS = {
  number: (value: unknown) => grouped(numeric(value)),
  signed: (value: unknown) => signed(numeric(value)),
  count: (value: unknown, one: string, many?: string) => counted(numeric(value), one, many),
  bytes: (value: unknown) => bytes(numeric(value)),
  moment: (value: unknown) => moment(textual(value)),
  short: (value: unknown) => textual(value).slice(0, SHORT_HASH),
  allele: (value: unknown) => textual(value).split("/").map(shortAllele).join("/"),
  stated: (value: unknown, otherwise: unknown = "–") => stated(value, otherwise),
} as const;

/** The template in a file; its parts come from the folder that it lies in. */
export async function readTemplate(path: string): Promise<ReportTemplate> {
  return { name: basename(path), text: await readFile(path, "utf8"), searchPath: dirname(path) };
}

/**
 * Looks at a template and at every file that it takes in, without running it.
 *
 * @throws {WorkspaceError} `notebook` with the place of what is no template, or not there
 */
export function readingOf(template: ReportTemplate): TemplateReading {
  try {
    const loader = new PartLoader(template.searchPath);
    const names = new Set<string>();
    const files = new Map<string, string>();
    const look = (name: string, text: string): void => {
      const found = templateNames(name, text);
      for (const free of found.free) names.add(free);
      for (const file of found.files) {
        if (files.has(file)) continue;
        const { src } = loader.getSource(file);
        files.set(file, src);
        look(file, src);
      }
    };
    look(template.name, loader.admit(template.name, template.text));
    return { names: [...names], files };
  } catch (error) {
    throw located(error, template);
  }
}

/**
 * Renders with every value escaped. Printing a name that is not there is an error. A template reads data and
 * calls macros and filters; it reaches no prototype, no function of the language and no file outside its
 * search path, and is stopped when it does not end within `milliseconds`.
 *
 * @throws {WorkspaceError} `notebook` with file and line, or cell and place, of what the template does wrong
 */
export function renderTemplate(
  template: ReportTemplate,
  context: object,
  milliseconds: number = RENDER_MS,
): Rendered {
  try {
    const loader = new PartLoader(template.searchPath);
    const environment = new nunjucks.Environment([loader], {
      autoescape: true,
      throwOnUndefined: true,
      ...WHITESPACE,
    });
    for (const [name, filter] of Object.entries(FILTERS)) environment.addFilter(name, filter);
    environment.addGlobal("range", numbers);
    const text = loader.admit(template.name, template.text);
    const compiled = new nunjucks.Template(text, environment, template.name, true);
    return { body: within(milliseconds, () => compiled.render(context)), styles: loader.styles };
  } catch (error) {
    throw located(error, template);
  }
}

/** Calls a function, and ends it when it takes too long: the one way to end a loop that never yields. */
function within(milliseconds: number, call: () => string): string {
  try {
    return runInNewContext("call()", { call }, { timeout: milliseconds }) as string;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Error(`stopped: it had not ended after ${grouped(milliseconds / 1000)} seconds`, {
      cause: error,
    });
  }
}

class PartLoader extends nunjucks.Loader {
  readonly styles: string[] = [];
  readonly #root: string;

  constructor(searchPath: string) {
    super();
    this.#root = realOr(searchPath);
  }

  /** A name counts from the search path, whoever asks. */
  override isRelative(): boolean {
    return false;
  }

  getSource(name: string): nunjucks.LoaderSource {
    // The real path, so that a link inside the folder opens nothing outside it.
    const path = this.#realPath(name);
    if (!path.startsWith(this.#root + sep)) throw new Error(`template outside its folder: ${name}`);
    return { src: this.admit(name, readFileSync(path, "utf8")), path: name, noCache: false };
  }

  admit(name: string, text: string): string {
    refusePrototypeNames(name, text);
    for (const [, style] of text.matchAll(/<style>([^]*?)<\/style>/g)) {
      if (style !== undefined) this.styles.push(style.replaceAll("\r\n", "\n"));
    }
    return text;
  }

  #realPath(name: string): string {
    try {
      return realpathSync(join(this.#root, name));
    } catch {
      throw new Error(`template not found: ${name}`);
    }
  }
}

/** A template that takes no file in needs no folder of them. */
function realOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Free names are looked up in a plain object, whose prototype would answer to these. */
function refusePrototypeNames(name: string, text: string): void {
  for (const { typename, lineno, colno, value } of nodesOf(parseTemplate(name, text))) {
    if (typename !== "Symbol" || typeof value !== "string" || !(value in Object.prototype)) continue;
    throw new Error(`(${name}) [Line ${lineno + 1}, Column ${colno + 1}]\n  name not allowed: ${value}`);
  }
}

/** nunjucks says where as `(file) [Line 3, Column 5]`, the innermost file last. */
const PLACE = /\(([^()\n]*)\)(?: \[Line (\d+)(?:, Column (\d+))?\])?\s+([^]*)$/;

function located(error: unknown, template: ReportTemplate): WorkspaceError {
  const message = error instanceof Error ? error.message : String(error);
  let [file, line, column, what] = [template.name, "", "", message];
  for (let rest: RegExpExecArray | null = PLACE.exec(message); rest !== null; rest = PLACE.exec(what)) {
    file = rest[1] ?? file;
    line = rest[2] ?? line;
    column = rest[3] ?? column;
    what = rest[4] ?? what;
  }
  const inCell = template.inCell === true && file === template.name;
  return new WorkspaceError(
    {
      code: "notebook",
      message: `report template: ${inWords(what.trim().replace(/^(Template render error|Error): /, ""))}`,
      hint: "See notebooks/reports/README.md for the names and filters that a template can use.",
      ...(template.inCell === true ? { cell: template.name } : {}),
      ...(inCell ? spanAt(line, column) : { at: `reports/${file}${line === "" ? "" : `:${line}`}` }),
    },
    { cause: error },
  );
}

function inWords(message: string): string {
  const isNothing = message === "attempted to output null or undefined value";
  return isNothing ? "nothing to print: a name that is not there, or null (see the filter stated)" : message;
}

function spanAt(line: string, column: string): Pick<ErrorInfo, "span"> {
  if (line === "") return {};
  return { span: { line: Number(line), column: Math.max(1, Number(column)), length: 1 } };
}

/** `range` of nunjucks, bounded. */
function numbers(from: number, to?: number, step: number = 1): number[] {
  const [first, end] = to === undefined ? [0, from] : [from, to];
  const count = Math.max(0, Math.ceil((end - first) / step));
  if (count <= MOST_NUMBERS) return Array.from({ length: count }, (_, i) => first + i * step);
  throw new Error(`range of more than ${grouped(MOST_NUMBERS)} numbers`);
}

/** A value, or what stands for one that is null; a name that is not there stays an error. */
function stated(value: unknown, otherwise: unknown): unknown {
  if (value === undefined) throw new Error("a name that is not there");
  return value ?? otherwise;
}

function numeric(value: unknown): number {
  if (typeof value === "number") return value;
  throw new Error(`not a number: ${String(value)}`);
}

/** Text, or text that a macro marked as safe. */
function textual(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof nunjucks.runtime.SafeString) return value.toString();
  throw new Error(`not a text: ${String(value)}`);
}

function shortAllele(allele: string): string {
  if (allele.length <= LONGEST_ALLELE) return allele;
  return `${allele.slice(0, 8)}…${allele.slice(-4)} (${counted(allele.length, "base")})`;
}
