import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { copyFile, link, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

import { escapeSegment } from "#protocol/escape-segment.ts";
import { dimensions, WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { makeFolder } from "../make-folder.ts";

/** Directory of a partition in the readable tree. */
export function partitionDirectory(output: string, partition: PartitionKey): string {
  const { user, sample } = dimensions(partition);
  return join(output, escapeSegment(user), escapeSegment(sample));
}

/** Path of a stored object. */
export function objectPath(home: string, hash: string): string {
  return join(home, "objects", hash.slice(0, 2), hash.slice(2));
}

/** Whether the files of a record are all there, in their size. Their content is checked by who reads them. */
export function isStored({ files }: AssetRecord, home: string): boolean {
  return files.every(
    ({ hash, bytes }) => statSync(objectPath(home, hash), { throwIfNoEntry: false })?.size === bytes,
  );
}

/**
 * Shows a record's files in the readable tree, as links to the stored objects (copies where the file system has
 * no links), and each report a second time under its date. The tree can be made anew from the catalog at any time.
 */
export async function publish(record: AssetRecord, home: string, output: string): Promise<void> {
  if (record.partition === WHOLE) return;
  const directory = partitionDirectory(output, record.partition);
  for (const { name, hash } of record.files) {
    const target = join(directory, name);
    await replaceLink(objectPath(home, hash), target);
    if (/^reports\/.*\.html$/.test(name))
      await replaceLink(objectPath(home, hash), dated(target, (record.takenFrom ?? record).madeAt));
  }
}

/**
 * Shows a record's files where they are no longer shown: a person may have moved them away, or the process that made
 * them ended before it came to it.
 */
export async function showAgain(record: AssetRecord, home: string, output: string): Promise<void> {
  if (record.partition === WHOLE) return;
  const directory = partitionDirectory(output, record.partition);
  const isShown = record.files.every(({ name, hash }) =>
    isSameFile(objectPath(home, hash), join(directory, name)),
  );
  if (!isShown) await publish(record, home, output);
}

/** Whether a target is a link to an object, or a copy that was made of one of its size since it is there. */
function isSameFile(object: string, target: string): boolean {
  const [stored, shown] = [object, target].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (stored === undefined || shown === undefined) return false;
  const isLink = stored.ino === shown.ino && stored.dev === shown.dev;
  return isLink || (stored.size === shown.size && stored.mtimeMs <= shown.mtimeMs);
}

/** Takes the files of a record out of the readable tree: also those that another version of it shows by the same name. */
export async function unpublish(record: AssetRecord, output: string): Promise<void> {
  if (record.partition === WHOLE) return;
  for (const { name } of record.files) {
    const target = join(partitionDirectory(output, record.partition), name);
    await rm(target, { force: true });
    await rm(dated(target, (record.takenFrom ?? record).madeAt), { force: true });
  }
}

/** `longevity_report.html` made at noon on 22 November → `longevity_report_20261122_120000.html`, local time. */
function dated(path: string, madeAt: string): string {
  const time = new Date(madeAt);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  const clock = `${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}_${date}_${clock}${extension}`);
}

async function replaceLink(object: string, target: string): Promise<void> {
  const temporary = `${target}.${randomUUID()}.tmp`;
  await makeFolder(dirname(target));
  try {
    await link(object, temporary).catch(() => copyFile(object, temporary));
    await rename(temporary, target);
  } finally {
    // Half a copy; or, as renaming one link of a file onto another does nothing by POSIX, the other link.
    await rm(temporary, { force: true });
  }
}
