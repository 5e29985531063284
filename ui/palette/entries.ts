import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { siteIn } from "#protocol/trace.ts";
import type { Snapshot } from "#protocol/view.ts";

import { editableText } from "../editor/editable-text.ts";
import { usesOf } from "../editor/names.ts";
import type { Binding, Command } from "../keys/key-map.ts";
import { BINDINGS } from "../keys/key-map.ts";
import { keysIn } from "../keys/own-keys.ts";
import { fuzzy } from "./fuzzy.ts";

/** Something that the palette leads to. */
export interface Entry {
  readonly id: string;
  readonly label: string;
  readonly words: string;
  readonly keys: string | null;
  readonly goal:
    | { readonly kind: "command"; readonly command: Command }
    | { readonly kind: "cell"; readonly cell: string; readonly line: number | null; readonly column: number }
    | { readonly kind: "asset"; readonly asset: AssetKey }
    | { readonly kind: "trace"; readonly asset: AssetKey | null; readonly site: string }
    | { readonly kind: "notebook"; readonly path: string };
}

export interface Found extends Entry {
  /** Indices of the letters of the label that matched. */
  readonly at: readonly number[];
}

/** Commands that only mean something where they are pressed. */
const NOT_OFFERED: ReadonlySet<Command> = new Set<Command>([
  "next",
  "previous",
  "leave",
  "palette",
  "go-to",
  "split",
]);
/** Commands that change how the page is, not what it shows. */
const SETTINGS: ReadonlySet<Command> = new Set<Command>([
  "theme",
  "line-numbers",
  "output-above",
  "escape",
  "vim",
  "help",
  "rail",
  "pane",
  "reading",
]);
const MOST = 60;

/** `>` commands, `@` cells, `#` assets, `:` settings, `uses of NAME`; without a sign all of them, notebooks, and what is known of a site that is named. `among`: only these cells. */
export function findEntries(
  query: string,
  snapshot: Snapshot,
  bindings: readonly Binding[] = BINDINGS,
  among?: readonly string[],
): Found[] {
  const uses = /^uses of (.+)$/.exec(query)?.[1];
  if (uses !== undefined) return usesEntries(uses, snapshot).map((entry) => ({ ...entry, at: [] }));
  const sign = /^[>@#:]/.exec(query)?.[0] ?? "";
  const words = query.slice(sign.length).trim();
  const all = entriesOf(sign, snapshot, bindings);
  const entries =
    among === undefined ? all : all.filter(({ goal }) => goal.kind === "cell" && among.includes(goal.cell));
  const found = entries
    .flatMap((entry) => {
      const label = fuzzy(words, entry.label);
      const other = label === null ? fuzzy(words, `${entry.label} ${entry.words}`) : null;
      if (label !== null) return [{ entry, score: label.score + 20, at: label.at }];
      return other === null ? [] : [{ entry, score: other.score, at: [] as number[] }];
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ entry, at }) => ({ ...entry, at }));
  return sign === "" && among === undefined ? [...siteEntries(query, snapshot), ...found] : found;
}

/** Where what is known of a site is from, of the sample as it is now. */
function siteEntries(query: string, { assets, notebook, partition }: Snapshot): Found[] {
  if (siteIn(query) === null || partition === WHOLE || notebook.at !== undefined) return [];
  const site = query.trim();
  const asset = assets.find(({ kind, record }) => kind === "annotate" && record !== null)?.key ?? null;
  const words = "lines of the file, rows of modules";
  return [
    {
      id: "trace",
      label: `What is at ${site}`,
      words,
      keys: null,
      goal: { kind: "trace", asset, site },
      at: [],
    },
  ];
}

function entriesOf(sign: string, snapshot: Snapshot, bindings: readonly Binding[]): Entry[] {
  switch (sign) {
    case ">":
      return commands(bindings);
    case ":":
      return commands(bindings.filter(({ command }) => SETTINGS.has(command)));
    case "@":
      return cells(snapshot);
    case "#":
      return assets(snapshot);
    default:
      return [...cells(snapshot), ...commands(bindings), ...moduleAssets(snapshot), ...notebooks(snapshot)];
  }
}

function commands(bindings: readonly Binding[]): Entry[] {
  const seen = new Set<Command>();
  return bindings.flatMap((binding): Entry[] => {
    if (NOT_OFFERED.has(binding.command) || seen.has(binding.command)) return [];
    seen.add(binding.command);
    return [
      {
        id: `>${binding.command}`,
        label: binding.words.charAt(0).toUpperCase() + binding.words.slice(1),
        words: "command",
        keys: keysIn(bindings, binding.command)[0] ?? null,
        goal: { kind: "command", command: binding.command },
      },
    ];
  });
}

function cells({ notebook }: Snapshot): Entry[] {
  return notebook.cells.map((cell): Entry => {
    const first = editableText(cell).split("\n", 1)[0] ?? "";
    const label = cell.name ?? (cutAtWord(first.replace(/^#+\s*/, "")) || `${cell.language} cell`);
    return {
      id: `@${cell.id}`,
      label,
      words: cell.kind === "markdown" ? "text" : cell.kind,
      keys: null,
      goal: { kind: "cell", cell: cell.id, line: null, column: 1 },
    };
  });
}

const LONGEST_LABEL = 70;

function cutAtWord(text: string): string {
  if (text.length <= LONGEST_LABEL) return text;
  return `${text.slice(0, LONGEST_LABEL).replace(/\s+\S*$/, "")}…`;
}

function assets(snapshot: Snapshot): Entry[] {
  return snapshot.assets.map((asset) => ({
    id: `#${asset.key}`,
    label: asset.key,
    words: asset.kind,
    keys: null,
    goal: { kind: "asset", asset: asset.key },
  }));
}

/** Assets without a cell of their own in this notebook. */
function moduleAssets(snapshot: Snapshot): Entry[] {
  const shown = new Set(snapshot.notebook.cells.map((cell) => cell.asset));
  return assets(snapshot).filter((entry) => entry.goal.kind === "asset" && !shown.has(entry.goal.asset));
}

function notebooks(snapshot: Snapshot): Entry[] {
  return snapshot.notebooks
    .filter((one) => one.path !== snapshot.notebook.path)
    .map((one) => ({
      id: `n${one.path}`,
      label: one.title,
      words: `notebook ${one.path}`,
      keys: null,
      goal: { kind: "notebook", path: one.path },
    }));
}

function usesEntries(name: string, { notebook }: Snapshot): Entry[] {
  return usesOf(notebook.cells, name, editableText).map(({ cell, line, column, text }) => ({
    id: `u${cell.id} ${line} ${column}`,
    label: text,
    words: `${cell.name ?? cell.kind} line ${line}`,
    keys: null,
    goal: { kind: "cell", cell: cell.id, line, column },
  }));
}
