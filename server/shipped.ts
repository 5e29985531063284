import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

import { merge } from "#notebook/merge.ts";
import { parse } from "#notebook/parse.ts";
import { lineChanges } from "#protocol/line-changes.ts";
import type { NewerFile, NewerPart } from "#protocol/verb-results.ts";

import { makeFolder } from "./make-folder.ts";
import { filesBelow } from "./parts-hash.ts";
import type { Sessions } from "./sessions.ts";
import { textAt } from "./text-at.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";
import { writeNotebook, writeWhole } from "./write-whole.ts";

type Places = Pick<WorkspacePaths, "home" | "notebooks" | "shipped">;

/** Three texts of one file of the notebooks folder; null where there is none. */
interface Texts {
  /** Relative, with `/`. */
  readonly path: string;
  /** What stands in the workspace. */
  readonly own: string | null;
  /** What Karyon shipped when it was copied here, or looked at last. */
  readonly base: string | null;
  /** What it ships now. */
  readonly shipped: string | null;
}

/** How what Karyon ships is taken over: `theirs` puts aside what the person changed, `mine` leaves all as it is. */
export type Take = "theirs" | "mine" | "merged";

/**
 * Remembers which files of the workspace are as Karyon ships them, in `.karyon/shipped/`: as long as one is as it is
 * there, nobody changed it. Of a workspace that was made before this was remembered, what differs counts as changed.
 */
export async function rememberShipped(paths: Places): Promise<void> {
  if (paths.notebooks === paths.shipped) return;
  const isFirst = !existsSync(memory(paths));
  await makeFolder(memory(paths));
  for (const file of await textsOf(paths)) {
    const { own, base, shipped } = file;
    // What was deleted before anything was remembered is not brought back.
    if (shipped !== null && base !== shipped && (own === shipped || (isFirst && own === null)))
      await remember(paths, file);
  }
}

/**
 * What Karyon ships in a newer version than the workspace has: notebooks, modules, and the report templates, which
 * include one another, as one. What a person deleted is not among them, nor what they said to keep as it is.
 */
export async function newerParts(paths: Places): Promise<NewerPart[]> {
  return [...(await newerTexts(paths))].map(([name, files]) => {
    const newer = files.filter(isNewer);
    const isChanged = files.some(isOwn);
    return {
      name,
      mine: isChanged ? "changed" : "unchanged",
      mergeable: isNotebook(name) && newer.every(({ own, base }) => own !== null && base !== null),
      files: newer.map(({ path, own, shipped }) => ({ path, change: changeOf(own, shipped) })),
    };
  });
}

/** The lines that differ in the files of a part, from the person's to those that Karyon ships. */
export async function differences(paths: Places, part: string): Promise<NewerFile[]> {
  const files = (await newerTexts(paths)).get(part)?.filter(isNewer) ?? [];
  return files.map(({ path, own, shipped }) => ({
    path,
    change: changeOf(own, shipped),
    lines: lineChanges(own ?? "", shipped ?? ""),
  }));
}

/**
 * Takes over a part. Of what Karyon did not change nothing is touched; what a person had changed lies in the trash.
 *
 * @returns cells that both had changed: of a notebook that was merged they stand below one another
 */
export async function takeOver(
  paths: Places,
  sessions: Sessions,
  { part, take, now }: { readonly part: string; readonly take: Take; readonly now: Date },
): Promise<number> {
  let conflicts = 0;
  for (const file of (await newerTexts(paths)).get(part)?.filter(isNewer) ?? []) {
    const { path, own, base, shipped } = file;
    const place = join(paths.notebooks, path);
    if (take === "merged" && own !== null && base !== null && shipped !== null) {
      const both = merge(base, parse(path, own), shipped);
      conflicts += both.conflicts;
      await sessions.rewrite(path, both.text);
    } else if (take !== "mine") {
      if (own !== null && (own !== base || shipped === null)) await putAside(paths, path, now);
      if (shipped === null) await rm(place, { force: true });
      else {
        await makeFolder(dirname(place));
        await (isNotebook(part) ? writeNotebook : writeWhole)(place, shipped);
      }
    }
    // After the file itself: killed in between, it is as shipped, which is remembered at the next start.
    await remember(paths, file);
  }
  await sessions.look();
  return conflicts;
}

/** By part, those that have something newer. */
async function newerTexts(paths: Places): Promise<Map<string, Texts[]>> {
  const parts = new Map<string, Texts[]>();
  const all = await textsOf(paths);
  // Of notebooks that somebody made from nothing none is missing.
  const isCopy = all.some(({ own, base }) => own !== null && base !== null);
  for (const file of isCopy ? all : all.filter(({ own }) => own !== null)) {
    const part = partOf(file.path);
    parts.set(part, [...(parts.get(part) ?? []), file]);
  }
  return new Map([...parts].filter(([, files]) => files.some(isNewer)));
}

/** `welcome.md`, `modules/coronary`, `reports`. */
function partOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "modules" ? `${first}/${second}` : first;
}

function isNotebook(part: string): boolean {
  return part.endsWith(".md") && !part.includes("/");
}

/** Whether Karyon ships another text than it did when this was copied, of which the person knows nothing yet. */
function isNewer({ own, base, shipped }: Texts): boolean {
  const isDeleted = own === null && base !== null;
  // What is shipped no more and was changed is the person's alone.
  const isTheirs = shipped === null && own !== base;
  return shipped !== base && own !== shipped && !isDeleted && !isTheirs;
}

/** Whether the person changed it. One that they deleted is gone, and stands in nobody's way. */
function isOwn({ own, base, shipped }: Texts): boolean {
  return own !== null && own !== base && own !== shipped;
}

function changeOf(own: string | null, shipped: string | null): NewerFile["change"] {
  if (shipped === null) return "gone";
  return own === null ? "new" : "changed";
}

/** One sentence on them for whoever starts Karyon or asks how the workspace is; null when there are none. */
export function newerWords(newer: readonly NewerPart[]): string | null {
  const of = (mine: NewerPart["mine"]): string =>
    newer.flatMap((part) => (part.mine === mine ? [part.name] : [])).join(", ");
  const [free, own] = [of("unchanged"), of("changed")];
  const words = [
    ...(free === "" ? [] : [`${free}: karyon update takes them over`]),
    ...(own === "" ? [] : [`${own}, which you changed: karyon update NAME shows the difference`]),
  ];
  return words.length === 0 ? null : words.join("; ");
}

/** Every file that Karyon ships, or shipped when it was copied, in the order of the alphabet. */
async function textsOf(paths: Places): Promise<Texts[]> {
  if (paths.notebooks === paths.shipped) return [];
  const [shipped, base] = await Promise.all([pathsBelow(paths.shipped), pathsBelow(memory(paths))]);
  return Promise.all(
    [...new Set([...shipped, ...base])].toSorted().map(async (path) => ({
      path,
      own: await textAt(join(paths.notebooks, path)),
      base: await textAt(join(memory(paths), path)),
      shipped: await textAt(join(paths.shipped, path)),
    })),
  );
}

async function pathsBelow(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).map((path) => relative(folder, path).replaceAll(sep, "/"));
}

async function remember(paths: Places, { path, shipped }: Texts): Promise<void> {
  const place = join(memory(paths), path);
  if (shipped === null) return rm(place, { force: true });
  await makeFolder(dirname(place));
  await writeWhole(place, shipped);
}

async function putAside({ home, notebooks }: Places, path: string, now: Date): Promise<void> {
  await makeFolder(join(home, "trash"));
  const name = `${now.toISOString().replaceAll(/[:.]/g, "-")}-${path.replaceAll("/", "-")}`;
  await copyFile(join(notebooks, path), join(home, "trash", name));
}

function memory({ home }: Places): string {
  return join(home, "shipped");
}
