import type { AnyNode, ImportDeclaration, Node } from "acorn";
import { simple } from "acorn-walk";

import type { WorkspaceError } from "#protocol/error.ts";

import { PACKAGES } from "./packages.ts";
import { sourceError } from "#notebook/source-error.ts";

/** A stretch of the source that is written anew. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Imports {
  readonly replacements: readonly Replacement[];
  /** Builtins that the imports stand for. */
  readonly builtins: readonly string[];
}

/**
 * Imports as uses of what ships with the page: `import {max} from "d3"` becomes `const {max} = d3`. Lines stay.
 *
 * @throws {WorkspaceError} `notebook` for any other module: nothing is fetched from anywhere
 */
export function rewriteImports(source: string, root: AnyNode): Imports {
  const replacements: Replacement[] = [];
  const builtins: string[] = [];
  const known = (node: Node, specifier: AnyNode): string => {
    const name = specifier.type === "Literal" ? String(specifier.value) : "an expression";
    const builtin = PACKAGES.get(name);
    if (builtin === undefined) throw refused(source, node as AnyNode, name);
    builtins.push(builtin);
    return builtin;
  };
  simple(root, {
    ImportDeclaration(node) {
      const text = importText(node, known(node, node.source));
      const lines = source.slice(node.start, node.end).split("\n").length - 1;
      replacements.push({ start: node.start, end: node.end, text: text + "\n".repeat(lines) });
    },
    ImportExpression(node) {
      const builtin = known(node, node.source);
      replacements.push({ start: node.start, end: node.end, text: `Promise.resolve(${builtin})` });
    },
    ExportNamedDeclaration: (node) => refuseExport(source, node),
    ExportDefaultDeclaration: (node) => refuseExport(source, node),
    ExportAllDeclaration: (node) => refuseExport(source, node),
  });
  return { replacements, builtins };
}

/** The source with replacements carried out. */
export function replaced(source: string, replacements: readonly Replacement[]): string {
  let text = source;
  for (const { start, end, text: next } of replacements.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + next + text.slice(end);
  }
  return text;
}

function importText({ specifiers }: ImportDeclaration, builtin: string): string {
  const named = specifiers.flatMap((one) => {
    if (one.type === "ImportNamespaceSpecifier") return [];
    const imported =
      one.type === "ImportDefaultSpecifier"
        ? "default"
        : one.imported.type === "Identifier"
          ? one.imported.name
          : JSON.stringify(one.imported.value);
    return imported === one.local.name ? [imported] : [`${imported}: ${one.local.name}`];
  });
  const whole = specifiers.find((one) => one.type === "ImportNamespaceSpecifier")?.local.name;
  const parts = [
    // `import * as d3 from "d3"` would read itself: the builtin has that name already.
    whole === undefined || whole === builtin ? null : `${whole} = ${builtin}`,
    named.length === 0 ? null : `{${named.join(", ")}} = ${builtin}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? ";" : `const ${parts.join(", ")};`;
}

function refused(source: string, node: AnyNode, name: string): WorkspaceError {
  const names = [...PACKAGES.keys()].filter((one) => !one.startsWith("npm:"));
  return sourceError(
    source,
    node,
    `no such package in this page: ${name}`,
    `Import ${names.join(", ")}: a notebook fetches no code from elsewhere.`,
  );
}

function refuseExport(source: string, node: AnyNode): never {
  throw sourceError(
    source,
    node,
    "a cell exports nothing",
    "Take the word export out: what a cell declares, the other cells can read.",
  );
}
