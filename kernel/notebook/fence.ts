import { attributesText } from "#protocol/attributes.ts";
import { WorkspaceError } from "#protocol/error.ts";

import type { Cell } from "./notebook.ts";
import { openFence, parse } from "./parse.ts";

export type LineEnd = "\n" | "\r\n";

/** What the first line of a fence says. */
export interface Info {
  readonly language: string;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The parts of a cell's raw text: `indent` and `fence` of its first line, what follows them, and its last line. */
interface Fenced {
  readonly indent: string;
  readonly fence: string;
  /** The rest of the first line without its end. */
  readonly info: string;
  readonly end: LineEnd;
  /** Empty for a fence that runs to the end of the text. */
  readonly closing: string;
}

/** Line end of a text: that of its first line. */
export function lineEnd(text: string): LineEnd {
  return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

/** A new cell as text. @throws {WorkspaceError} `notebook` when it would read as something else */
export function cellText(info: Info, source: string, end: LineEnd): string {
  const words = infoText(info);
  const body = withLineEnd(source, end);
  // A fence of backticks may have none in its first line.
  const fence = longEnough(words.includes("`") ? "~~~" : "```", body);
  return checked(`${fence}${words}${end}${bodyText(body, end)}${fence}${end}`, info);
}

/** The cell's raw text with another source; fences grow when the source holds one as long. */
export function withSource(cell: Cell, source: string): string {
  const parts = take(cell);
  const body = withLineEnd(source, parts.end);
  return assemble(cell, parts, parts.info, body);
}

/** The cell's raw text with another first line. @throws {WorkspaceError} `notebook` as {@link cellText} */
export function withInfo(cell: Cell, info: Info): string {
  const parts = take(cell);
  const words = infoText(info);
  if (words.includes("`") && parts.fence.startsWith("`")) return cellText(info, cell.source, parts.end);
  const space = /^[ \t]*/.exec(parts.info)?.[0] ?? "";
  return checked(assemble(cell, parts, `${space}${words}`, withLineEnd(cell.source, parts.end)), info);
}

/** The text, with a line that closes the fence it leaves open, and ending at the end of a line. */
export function whole(text: string, end: LineEnd): string {
  const ended = text === "" || text.endsWith("\n") ? text : `${text}${end}`;
  const open = openFence(ended);
  return open === null ? ended : `${ended}${open}${end}`;
}

export function withLineEnd(text: string, end: LineEnd): string {
  return text.replace(/\r\n?|\n/g, end);
}

function take({ raw }: Cell): Fenced {
  const lines = raw.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const opening = /^(?<indent> {0,3})(?<fence>`{3,}|~{3,})(?<info>[^\r\n]*)/.exec(raw)?.groups;
  return {
    indent: opening?.["indent"] ?? "",
    fence: opening?.["fence"] ?? "```",
    info: opening?.["info"] ?? "",
    end: lineEnd(raw),
    closing: openFence(raw) === null ? (lines.at(-1) ?? "") : "",
  };
}

function assemble(cell: Cell, parts: Fenced, info: string, body: string): string {
  const fence = longEnough(parts.fence, body);
  const kept = fence === parts.fence && parts.closing !== "";
  const closing = kept ? parts.closing : `${parts.indent}${fence}${parts.end}`;
  // The line ends of what the person did not change stay as they are; a \r at its end would be half of the next one.
  const isSame = body === withLineEnd(cell.source, parts.end) && !cell.source.endsWith("\r");
  const text = isSame ? cell.source : body;
  return `${parts.indent}${fence}${info}${parts.end}${bodyText(text, parts.end)}${closing}`;
}

function bodyText(body: string, end: LineEnd): string {
  return body === "" ? "" : `${body}${end}`;
}

/** The fence, or one long enough that no line of the body closes it. */
function longEnough(fence: string, body: string): string {
  const mark = fence.charAt(0);
  const inside = body.matchAll(new RegExp(`^ {0,3}(${mark}{3,})[ \\t]*$`, "gm"));
  const longest = Math.max(0, ...[...inside].map(([, found = ""]) => found.length));
  return longest < fence.length ? fence : mark.repeat(longest + 1);
}

function infoText({ language, name, attributes }: Info): string {
  return [language, name ?? "", attributesText(attributes)].filter((word) => word !== "").join(" ");
}

/** Whatever a name or an attribute holds: what is written is the one cell that was meant, or nothing is. */
function checked(raw: string, info: Info): string {
  const [cell, ...more] = parse("", raw).blocks;
  const same =
    cell?.type === "cell" &&
    more.length === 0 &&
    cell.language === info.language &&
    cell.name === info.name &&
    sameEntries(cell.attributes, info.attributes);
  if (same) return raw;
  const unnamed = info.name === null ? " without a name" : "";
  throw new WorkspaceError({
    code: "notebook",
    message: `not a cell: ${infoText(info).slice(0, 200)}${unnamed}`,
    hint: "Write a language that computes, a name of letters, digits and _, and attributes such as engine=duckdb.",
  });
}

function sameEntries(one: Info["attributes"], other: Info["attributes"]): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
