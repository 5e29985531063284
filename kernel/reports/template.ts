import { readFileSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";

import nunjucks from "nunjucks";

import { WorkspaceError } from "#protocol/error.ts";

import { byteSize, counted, grouped, moment, signed } from "./numerals.ts";

/** A report template: nunjucks text, and the only directory that its includes may come from. */
export interface ReportTemplate {
  /** Such as `longevity.njk`; stands in errors. */
  readonly name: string;
  readonly text: string;
  readonly searchPath: string;
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

/** Tags on a line of their own leave no blank line. */
const WHITESPACE = { trimBlocks: true, lstripBlocks: true } as const;

/** Filters of the templates. Each takes one kind of value: another is an error in the template. */
const FILTERS = {
  number: (value: unknown) => grouped(numeric(value)),
  signed: (value: unknown) => signed(numeric(value)),
  count: (value: unknown, one: string, many?: string) => counted(numeric(value), one, many),
  bytes: (value: unknown) => byteSize(numeric(value)),
  moment: (value: unknown) => moment(textual(value)),
  short: (value: unknown) => textual(value).slice(0, SHORT_HASH),
  allele: (value: unknown) => textual(value).split("/").map(shortAllele).join("/"),
} as const;

/** The template in a file; its parts come from the folder that it lies in. */
export async function readTemplate(path: string): Promise<ReportTemplate> {
  return { name: basename(path), text: await readFile(path, "utf8"), searchPath: dirname(path) };
}

/**
 * Renders with every value escaped. Printing a name that is not there is an error. A template reads data and
 * calls macros and filters; it reaches no prototype, no function of the language and no file outside its
 * search path.
 *
 * @throws {WorkspaceError} `notebook` with file and line of what the template does wrong
 */
export function renderTemplate(template: ReportTemplate, context: object): Rendered {
  const loader = new PartLoader(template.searchPath);
  const environment = new nunjucks.Environment([loader], {
    autoescape: true,
    throwOnUndefined: true,
    ...WHITESPACE,
  });
  for (const [name, filter] of Object.entries(FILTERS)) environment.addFilter(name, filter);
  try {
    const text = loader.admit(template.name, template.text);
    const compiled = new nunjucks.Template(text, environment, template.name, true);
    return { body: compiled.render(context), styles: loader.styles };
  } catch (error) {
    throw located(error, template.name);
  }
}

class PartLoader extends nunjucks.Loader {
  readonly styles: string[] = [];
  readonly #root: string;

  constructor(searchPath: string) {
    super();
    this.#root = realpathSync(searchPath);
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

interface SymbolNode {
  readonly lineno: number;
  readonly colno: number;
  readonly value: unknown;
}

interface NunjucksParts {
  readonly parser: {
    parse(
      source: string,
      extensions: readonly unknown[],
      options: object,
    ): { findAll(type: unknown): readonly SymbolNode[] };
  };
  readonly nodes: { readonly Symbol: unknown };
  readonly runtime: { memberLookup(receiver: unknown, name: unknown): unknown };
}

const parts = nunjucks as unknown as NunjucksParts;

/** Free names are looked up in a plain object, whose prototype would answer to these. */
function refusePrototypeNames(name: string, text: string): void {
  for (const { lineno, colno, value } of parsed(name, text).findAll(parts.nodes.Symbol)) {
    if (typeof value !== "string" || !(value in Object.prototype)) continue;
    throw new Error(`(${name}) [Line ${lineno + 1}, Column ${colno + 1}]\n  name not allowed: ${value}`);
  }
}

function parsed(name: string, text: string): ReturnType<NunjucksParts["parser"]["parse"]> {
  try {
    return parts.parser.parse(text, [], WHITESPACE);
  } catch (error) {
    const { message, lineno } = error as Error & { readonly lineno?: number };
    // Without a line the parser ran off the end: the last line is where something was left open.
    throw new Error(`(${name}) [Line ${lineno ?? text.trimEnd().split("\n").length}]\n  ${message}`, {
      cause: error,
    });
  }
}

/**
 * nunjucks looks members up along the prototype chain, by which `"".constructor.constructor("…")()` runs any
 * code. Here a member is an own one, or the length of a list or text; a function has none.
 */
parts.runtime.memberLookup = (receiver, name) => {
  if (receiver === null || receiver === undefined || typeof receiver === "function") return undefined;
  const key = String(name);
  if (typeof receiver === "string") return key === "length" ? receiver.length : undefined;
  if (typeof receiver !== "object" || !Object.hasOwn(receiver, key)) return undefined;
  return (receiver as Readonly<Record<string, unknown>>)[key];
};

/** nunjucks says where as `(file) [Line 3, Column 5]`, the innermost file last. */
const PLACE = /\(([^()\n]*)\)(?: \[Line (\d+)(?:, Column \d+)?\])?\s+([^]*)$/;

function located(error: unknown, name: string): WorkspaceError {
  const message = error instanceof Error ? error.message : String(error);
  let [file, line, what] = [name, "", message];
  for (let rest: RegExpExecArray | null = PLACE.exec(message); rest !== null; rest = PLACE.exec(what)) {
    file = rest[1] ?? file;
    line = rest[2] ?? line;
    what = rest[3] ?? what;
  }
  return new WorkspaceError(
    {
      code: "notebook",
      message: `report template: ${what.trim().replace(/^(Template render error|Error): /, "")}`,
      at: line === "" ? file : `${file}:${line}`,
      hint: "See notebooks/reports/README.md for the names a template can use.",
    },
    { cause: error },
  );
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
