import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView, CellView, Snapshot } from "#protocol/view.ts";

import { PAGE_NAMES } from "../js/builtin-names.ts";
import type { Script } from "../js/analyse-script.ts";
import type { BrowserCell, StripTypes } from "./browser-cells.ts";
import { browserCells, mayBlock, nameOf } from "./browser-cells.ts";
import { isTrusted } from "./trust.ts";

/** A variable of the page's dataflow, as data: what it reads, and what makes it another one. */
export type Definition = {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly version: string;
} & (
  | { readonly of: "asset"; readonly asset: AssetView }
  /** The first rows of an asset's table, for scripts. */
  | { readonly of: "rows"; readonly asset: AssetView }
  | { readonly of: "prose"; readonly cell: CellView; readonly script: Script | null }
  | { readonly of: "frame"; readonly cell: CellView; readonly script: Script }
  | { readonly of: "script" | "input"; readonly cell: CellView; readonly script: Script }
  /** What the `${}` of live SQL are. */
  | { readonly of: "values"; readonly cell: CellView; readonly script: Script }
  /** `cells`: the live cells whose values the query needs, this one first, by their ids. */
  | {
      readonly of: "query";
      readonly cell: CellView;
      readonly notebook: string;
      readonly partition: Snapshot["partition"];
      /** Assets that are read as they were. */
      readonly versions: Readonly<Record<string, string>>;
      /** The time that the notebook is shown at; undefined: as it is. */
      readonly at: string | undefined;
      readonly cells: readonly string[];
    }
  /** One of the names that a cell defines. */
  /** `by`: its cell, as errors name it. */
  | { readonly of: "output"; readonly output: string; readonly label: string; readonly by: string }
  | { readonly of: "builtin"; readonly builtin: string }
  | { readonly of: "broken"; readonly error: ErrorInfo }
);

/** Variables of one asset and of one prose cell; no asset key has a colon, so none meets another. */
export function assetVariable(key: AssetKey): string {
  return key;
}

export function proseVariable(cell: string): string {
  return `prose:${cell}`;
}

/** What a cell shows. */
export function cellVariable(cell: string): string {
  return `cell:${cell}`;
}

/** A name that cells read. */
export function namedVariable(name: string): string {
  return `var:${name}`;
}

/**
 * The variables of a notebook in a partition: every asset with its true inputs, every cell that the page computes
 * and every name it defines. Two definitions of one name are the same when inputs and `version` are: state, progress
 * and age of an asset do not make another value of it.
 */
export function definitions(
  snapshot: Snapshot,
  strip: StripTypes = () => null,
  deleted: ReadonlySet<string> = new Set(),
): Definition[] {
  const { assets, notebook } = snapshot;
  const keys = new Map(assets.map((asset) => [asset.key as string, asset]));
  const cells = browserCells(notebook, new Set(keys.keys()), strip, deleted);
  const own = new Set(cells.flatMap((cell) => cell.outputs));
  const variableOf = (name: string): string =>
    own.has(name) ? namedVariable(name) : keys.has(name) ? `rows:${name}` : `builtin:${name}`;

  const trusted = isTrusted(notebook);
  const defined = cells.flatMap((one) =>
    trusted || one.script === null ? cellDefinitions(one, cells, snapshot, variableOf) : untrusted(one),
  );
  const read = new Set(defined.flatMap((definition) => definition.inputs));
  return [
    ...assets.map((asset): Definition => ({
      name: assetVariable(asset.key),
      inputs: asset.upstream.filter((key) => keys.has(key)),
      version: versionOf(asset),
      of: "asset",
      asset,
    })),
    ...assets
      .filter((asset) => read.has(`rows:${asset.key}`))
      .map((asset): Definition => ({
        name: `rows:${asset.key}`,
        inputs: [assetVariable(asset.key)],
        version: versionOf(asset),
        of: "rows",
        asset,
      })),
    ...[...PAGE_NAMES]
      .filter((builtin) => read.has(`builtin:${builtin}`))
      .map((builtin): Definition => ({
        name: `builtin:${builtin}`,
        inputs: [],
        version: "",
        of: "builtin",
        builtin,
      })),
    ...withoutDoubles(defined),
  ];
}

/** What distinguishes an output: partition, data version, how it is shown. */
export function versionOf(asset: AssetView): string {
  return JSON.stringify([asset.partition, asset.record?.dataVersion ?? null, asset.output, asset.observed]);
}

export function sameDefinition(a: Definition, b: Definition): boolean {
  return a.version === b.version && a.of === b.of && a.inputs.join("\n") === b.inputs.join("\n");
}

function cellDefinitions(
  one: BrowserCell,
  cells: readonly BrowserCell[],
  snapshot: Snapshot,
  variableOf: (name: string) => string,
): Definition[] {
  const { cell, script, kind } = one;
  const shown = kind === "prose" ? proseVariable(cell.id) : cellVariable(cell.id);
  const outputs = one.outputs.map((output): Definition => ({
    name: namedVariable(output),
    inputs: [shown],
    version: `${kind} ${cell.id}`,
    of: "output",
    output,
    label: one.label,
    by: nameOf(cell),
  }));
  if (one.error !== null) return [broken(shown, one.error), ...outputs];
  if (one.disabled) return [broken(shown, DISABLED), ...outputs];
  const inputs = (script?.inputs ?? []).map((name) => variableOf(name));
  const version = `${script?.module ?? ""}${mayBlock(cell) ? "blocking" : ""}`;
  switch (kind) {
    case "prose":
      return [{ name: shown, inputs, version: cell.source, of: "prose", cell, script }];
    case "frame":
      return script === null
        ? []
        : [{ name: shown, inputs, version: cell.source, of: "frame", cell, script }, ...outputs];
    case "script":
    case "input":
      return script === null ? [] : [{ name: shown, inputs, version, of: kind, cell, script }, ...outputs];
    case "query": {
      if (script === null) return [];
      const live = liveUpstream(one, cells);
      const assets = new Set(live.flatMap(({ cell }) => cell.inputs ?? []));
      const versions = Object.fromEntries(
        snapshot.assets.flatMap(({ key, past, record }) =>
          past === true && record !== null && assets.has(key) ? [[key, record.dataVersion]] : [],
        ),
      );
      const { path, at } = snapshot.notebook;
      const { partition } = snapshot;
      return [
        { name: `values:${cell.id}`, inputs, version, of: "values", cell, script },
        {
          name: shown,
          inputs: [
            ...live.map(({ cell }) => `values:${cell.id}`),
            ...snapshot.assets.filter(({ key }) => assets.has(key)).map(({ key }) => assetVariable(key)),
          ],
          version: JSON.stringify([
            path,
            partition,
            versions,
            at,
            live.map(({ cell }) => [cell.id, cell.source, cell.attributes]),
          ]),
          of: "query",
          cell,
          notebook: path,
          partition,
          versions,
          at,
          cells: live.map(({ cell }) => cell.id),
        },
        ...outputs,
      ];
    }
  }
}

/** A live cell and those it reads, however far up: the server makes one query of them. */
function liveUpstream(cell: BrowserCell, cells: readonly BrowserCell[]): BrowserCell[] {
  const found = new Set([cell]);
  for (const one of found) {
    for (const input of one.cell.inputs ?? []) {
      const definer = cells.find(({ kind, outputs }) => kind === "query" && outputs.includes(input));
      if (definer !== undefined) found.add(definer);
    }
  }
  return [...found];
}

const DISABLED: ErrorInfo = {
  code: "cancelled",
  message: "disabled",
  hint: "Take the word disabled out of its fence to run it.",
};

const UNTRUSTED: ErrorInfo = {
  code: "cancelled",
  message: "not run: this notebook is not trusted",
  hint: "Trust it when you know who wrote it.",
};

function untrusted({ cell, kind, outputs }: BrowserCell): Definition[] {
  // Its words are read; the code between them is shown as it is written.
  if (kind === "prose")
    return [
      { name: proseVariable(cell.id), inputs: [], version: cell.source, of: "prose", cell, script: null },
    ];
  return [
    broken(cellVariable(cell.id), UNTRUSTED),
    ...outputs.map((name) => broken(namedVariable(name), UNTRUSTED)),
  ];
}

function broken(name: string, error: ErrorInfo): Definition {
  return { name, inputs: [], version: JSON.stringify(error), of: "broken", error };
}

/** Of a name with two definers each shows its error; for the readers of the name one of them is enough. */
function withoutDoubles(all: readonly Definition[]): Definition[] {
  return [...new Map(all.map((definition) => [definition.name, definition])).values()];
}
