/** What is removed, and what is found lost: gc, erasing a person, the doctor. */
import { createHash } from "node:crypto";
import { existsSync, statSync, utimesSync } from "node:fs";
import { chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { ObjectHash, PartitionKey } from "#protocol/ids.ts";

import type { LoggedEvent } from "../../server/catalog/events.ts";
import type { EraseResult } from "../../server/cli/erase.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import { Workspace } from "../../server/workspace.ts";
import { objectPath, partitionDirectory } from "../../server/runs/published-tree.ts";
import { recordBody } from "../support/record-body.ts";
import { Asking } from "./asking.ts";

const VARIANTS = assetKey("variants");

let here: Asking;

beforeEach(async () => {
  here = await Asking.open();
});

afterEach(() => here.close());

/** Stores a file as a run does, with its record when it has a partition. */
async function keep(text: string, partition: PartitionKey | null = null): Promise<string> {
  const hash = createHash("sha256").update(text).digest("hex") as ObjectHash;
  const path = objectPath(here.workspace.paths.home, hash);
  await mkdir(dirname(path), { recursive: true });
  if (!existsSync(path)) await writeFile(path, text, { mode: 0o400 });
  if (partition === null) return hash;
  here.workspace.catalog.append({
    type: "materialised",
    run: 1,
    asset: VARIANTS,
    partition,
    record: recordBody({ asset: VARIANTS, partition, hash, bytes: text.length }),
  });
  return hash;
}

describe("gc", () => {
  test("removes what no record names and is no longer young; every version of history stays", async () => {
    await here.make("numbers");
    await here.edit("select 1", "select 2");
    await here.make("numbers");
    const named = await here.objects();
    const stray = await keep("left by a run that was killed");
    expect(await here.ask("gc")).toMatchObject({ objects: 0 });
    expect(await here.ask("gc", { graceMinutes: 0, dryRun: true })).toMatchObject({
      objects: 1,
      removed: false,
    });
    expect(await here.objects()).toContain(stray);
    expect(await here.ask("gc", { graceMinutes: 0 })).toMatchObject({ objects: 1, kept: named.length });
    expect(await here.objects()).toEqual(named);
    // Two versions, and the texts of the notebooks that they were made from.
    expect(named).toHaveLength(4);
  });

  test("leaves what a run found again while it looked", async () => {
    const { catalog, paths } = here.workspace;
    const found = await keep("made by a run of a moment ago, and once more now");
    const recordedFiles = catalog.recordedFiles.bind(catalog);
    catalog.recordedFiles = () => {
      const files = recordedFiles();
      utimesSync(objectPath(paths.home, found), new Date(), new Date());
      return files;
    };
    expect(await here.ask("gc", { graceMinutes: 0 })).toMatchObject({ objects: 0, bytes: 0 });
    expect(await here.objects()).toContain(found);
  });

  test("removes what was not finished of notes and of the readable tree, and nothing else that lies there", async () => {
    const { home, output } = here.workspace.paths;
    const folder = join(output, "anna/a/reports");
    await mkdir(folder, { recursive: true });
    const named = "report.html.4ba0f037-8ecf-4d47-9cdc-2a6c55490bdc.tmp";
    const left = [
      join(folder, named),
      join(home, ".analyses.json.10a30f42.tmp"),
      join(home, "trusted/.one.md.f9945835.tmp"),
    ];
    const own = join(folder, "mine.tmp");
    for (const path of [...left, own]) await writeFile(path, "");
    expect(await here.ask("gc")).toMatchObject({ objects: 0 });
    expect(await here.ask("gc", { graceMinutes: 0 })).toMatchObject({ objects: 3 });
    expect([...left, own].filter((path) => existsSync(path))).toEqual([own]);
  });

  test("lets older versions go when it is asked to, but none that is held", async () => {
    await here.make("numbers");
    const head = here.workspace.catalog.versions.head(assetKey("numbers"), WHOLE);
    const first = head?.kind === "record" ? head.record.files[0]?.hash : null;
    expect(await here.objects()).toContain(first);
    await here.edit("select 1", "select 2");
    await here.make("numbers");
    await here.ask("hold", { asset: "numbers" });
    expect(await here.ask("gc", { graceMinutes: 0, keep: 1 })).toMatchObject({
      objects: 0,
      versions_let_go: 0,
    });
    await here.ask("unhold", { asset: "numbers" });
    expect(await here.ask("gc", { graceMinutes: 0, keep: 1 })).toMatchObject({
      objects: 1,
      versions_let_go: 1,
    });
    expect(await here.objects()).not.toContain(first);
    expect(await here.objects()).toHaveLength(3);
  });
});

describe("erasing a person", () => {
  test("that was killed can be done again, or is finished by who comes next", async () => {
    const [partition, other] = [parsePartition("anna/a"), parsePartition("boris/a")];
    const { catalog, paths, software } = here.workspace;
    here.workspace.setPartition(partition, {});
    const [gone, shared] = [await keep("gone", partition), await keep("shared", partition)];
    await keep("shared", other);
    const links = partitionDirectory(paths.output, partition);
    await mkdir(links, { recursive: true });
    const erase = catalog.erase.bind(catalog);
    // Just before the receipt: all that is left has its records, and the links are gone.
    catalog.erase = () => {
      throw new Error("killed");
    };
    await expect(here.ask("erase", { user: "anna", yes: true })).rejects.toThrow("killed");
    expect(catalog.partitions.get(partition)).not.toBeNull();
    expect(existsSync(links)).toBe(false);
    // Just after it: nothing is written down of them but which files are to go.
    catalog.erase = (...all) => {
      erase(...all);
      throw new Error("killed");
    };
    await expect(here.ask("erase", { user: "anna", yes: true })).rejects.toThrow("killed");
    expect(
      catalog.latest(100).map(({ event }) => "partition" in event && `${event.type} ${event.partition}`),
    ).toContain(`erased ${partition}`);
    expect(await here.objects()).toEqual([gone, shared].toSorted());
    const next = await Workspace.open(paths, { software });
    expect(await here.objects()).toEqual([shared]);
    expect(catalog.doomed.all()).toEqual([]);
    await next.close();
  });

  const [own, second, other] = ["anna/a", "anna/b", "boris/a"].map((key) => parsePartition(key));

  test("is a plan until it is confirmed; then every version goes, nothing of another, and a receipt stays", async () => {
    if (own === undefined || second === undefined || other === undefined) throw new Error("no partitions");
    const input = join(here.workspace.paths.input, "users/anna");
    await mkdir(input, { recursive: true });
    await writeFile(join(input, "a.vcf"), "##fileformat=VCFv4.2");
    await addDroppedFiles(here.workspace);
    here.workspace.setPartition(second, { vcf: join(here.workspace.paths.root, "elsewhere.vcf") });
    here.workspace.setPartition(other, {});
    await writeFile(join(here.workspace.paths.root, "elsewhere.vcf"), "##fileformat=VCFv4.2");
    const [old, now, shared] = [await keep("old", own), await keep("now", own), await keep("shared", second)];
    await keep("shared", other);
    const links = partitionDirectory(here.workspace.paths.output, own);
    await mkdir(links, { recursive: true });
    const spill = join(here.workspace.paths.home, "spill");
    const left = ["what-if-999999999-a", "views-999999999-a", "joined/a", `genome-${process.pid}-a`];
    for (const folder of left) {
      await mkdir(join(spill, folder), { recursive: true });
      await writeFile(join(spill, folder, "rows.parquet"), "rows");
    }

    const planned = await here.ask<EraseResult>("erase", { user: "anna", source: true });
    expect(planned).toMatchObject({ erased: false, partitions: [own, second], objects: 2, bytes: 6 });
    expect(planned.sources).toEqual([join(input, "a.vcf")]);
    expect(await here.objects()).toEqual([old, now, shared].toSorted());

    const receipt = await here.ask<EraseResult>("erase", { user: "anna", yes: true });
    expect(receipt).toMatchObject({ erased: true, objects: 2, sources: [] });
    expect(await here.objects()).toEqual([shared]);
    expect(here.workspace.catalog.versions.head(VARIANTS, other)).not.toBeNull();
    expect(existsSync(dirname(links))).toBe(false);
    // What a process that lives works with stays until that is done.
    const rows = left.filter((folder) => existsSync(join(spill, folder, "rows.parquet")));
    expect(rows).toEqual([`genome-${process.pid}-a`]);
    expect(existsSync(join(here.workspace.paths.root, "elsewhere.vcf"))).toBe(true);
    const { events } = await here.ask<{ events: LoggedEvent[] }>("log");
    const theirs = events.filter(({ event }) => "partition" in event && event.partition.startsWith("anna/"));
    expect(theirs.map(({ event }) => event.type)).toEqual(["erased", "erased"]);

    await expect(here.ask("erase", { user: "anna" })).rejects.toMatchObject({
      info: { message: "nothing is kept of anna", hint: "What was erased is in the log: karyon log" },
    });

    // The file that was left does not bring them back; one that is put there anew does.
    await addDroppedFiles(here.workspace);
    expect(here.workspace.catalog.partitions.get(own)).toBeNull();
    await chmod(join(input, "a.vcf"), 0o600);
    await writeFile(join(input, "a.vcf"), "##fileformat=VCFv4.3");
    await addDroppedFiles(here.workspace);
    expect(here.workspace.catalog.partitions.get(own)).not.toBeNull();
    await expect(here.ask("erase", { user: "carla" })).rejects.toThrow("nothing is kept of carla");
  });

  test("removes a sample whose name is too long for a folder, which is refused now", async () => {
    const long = `anna/${"ж".repeat(150)}`;
    expect(() => parsePartition(long)).toThrow("not a partition key");
    expect(parsePartition(`anna/${"ж".repeat(127)}`)).toMatch(/ж$/);
    await mkdir(join(here.workspace.paths.output, "anna"), { recursive: true });
    here.workspace.catalog.append({ type: "partition_set", partition: long as PartitionKey, attributes: {} });
    expect(await here.ask("erase", { user: "anna", yes: true })).toMatchObject({ partitions: [long] });
    expect(here.workspace.catalog.partitions.all()).toEqual([]);
  });

  test("leaves a VCF alone that is another's as well", async () => {
    const input = join(here.workspace.paths.input, "users/anna");
    await mkdir(input, { recursive: true });
    for (const name of ["own.vcf", "both.vcf"]) await writeFile(join(input, name), "##fileformat=VCFv4.2");
    await addDroppedFiles(here.workspace);
    here.workspace.setPartition(parsePartition("boris/a"), { vcf: join(input, "both.vcf") });
    const receipt = await here.ask<EraseResult>("erase", { user: "anna", yes: true, source: true });
    expect(receipt.sources).toEqual([join(input, "own.vcf")]);
    expect(receipt.sources_kept).toEqual([join(input, "both.vcf")]);
    expect(await readdir(input)).toEqual(["both.vcf"]);
  });

  test("leaves a VCF alone that only a link leads to from the input folder, and says where it lies", async () => {
    const { input, root } = here.workspace.paths;
    const [users, elsewhere] = [join(input, "users"), join(root, "elsewhere")];
    const [linked, folder] = [join(elsewhere, "linked.vcf"), join(elsewhere, "anna/own.vcf")];
    for (const path of [join(users, "boris"), dirname(folder)]) await mkdir(path, { recursive: true });
    for (const path of [linked, folder]) await writeFile(path, "##fileformat=VCFv4.2");
    await symlink(linked, join(users, "boris/a.vcf"));
    await symlink(dirname(folder), join(users, "anna"));
    await addDroppedFiles(here.workspace);
    for (const [user, place] of [
      ["boris", linked],
      ["anna", folder],
    ]) {
      const receipt = await here.ask<EraseResult>("erase", { user, yes: true, source: true });
      expect(receipt).toMatchObject({ sources: [], sources_kept: [place] });
    }
    expect([linked, folder].filter((path) => !existsSync(path))).toEqual([]);
  });

  test("takes a VCF of an input folder that is a link, and says where it lies", async () => {
    const { input, root } = here.workspace.paths;
    const disk = join(root, "disk");
    await mkdir(join(disk, "users/anna"), { recursive: true });
    await mkdir(dirname(input), { recursive: true });
    await symlink(disk, input);
    await writeFile(join(input, "users/anna/a.vcf"), "##fileformat=VCFv4.2");
    await addDroppedFiles(here.workspace);
    const receipt = await here.ask<EraseResult>("erase", { user: "anna", yes: true, source: true });
    expect(receipt.sources).toEqual([join(disk, "users/anna/a.vcf")]);
    expect(await readdir(join(disk, "users"))).toEqual([]);
  });

  test("takes a VCF for one of the input folder by its folder, not by how its name begins", async () => {
    const { input } = here.workspace.paths;
    const [inside, beside] = [join(input, "..anna.vcf"), `${input}.vcf`];
    await mkdir(input, { recursive: true });
    for (const path of [inside, beside]) await writeFile(path, "##fileformat=VCFv4.2");
    here.workspace.setPartition(parsePartition("anna/a"), { vcf: [inside, beside] });
    const receipt = await here.ask<EraseResult>("erase", { user: "anna", yes: true, source: true });
    expect(receipt).toMatchObject({ sources: [inside], sources_kept: [beside] });
    expect([inside, beside].filter((path) => existsSync(path))).toEqual([beside]);
  });
});

describe("the doctor", () => {
  const states = async (parameters: object = {}): Promise<Record<string, string>> => {
    const { findings } = await here.ask<{ findings: { what: string; state: string }[] }>(
      "doctor",
      parameters,
    );
    return Object.fromEntries(findings.map(({ what, state }) => [what, state]));
  };

  test("finds a whole workspace whole, and what was changed or lost", async () => {
    await here.make("numbers");
    expect(await states({ deep: true })).toMatchObject({
      catalog: "good",
      "stored files": "good",
      kernel: "good",
      notebooks: "good",
      privacy: "good",
    });
    const [hash = ""] = await here.objects();
    const path = objectPath(here.workspace.paths.home, hash);
    await chmod(path, 0o600);
    const length = statSync(path).size;
    await writeFile(path, Buffer.alloc(length));
    expect(await states()).toMatchObject({ "stored files": "good" });
    expect(await states({ deep: true })).toMatchObject({ "stored files": "bad" });
    expect(await states()).toMatchObject({ "stored files": "bad" });
    // What it says is to be made again is made again.
    await here.make("numbers");
    expect(await states({ deep: true })).toMatchObject({ "stored files": "good" });
  });
});
