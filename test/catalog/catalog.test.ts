import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeEach, expect, test } from "vitest";

import { assetKey, parsePartition } from "#protocol/ids.ts";
import type { DataVersion, ObjectHash } from "#protocol/ids.ts";

import { Catalog } from "../../server/catalog/catalog.ts";
import type { RecordBody } from "../../server/catalog/events.ts";
import { temporaryFolder } from "../support/karyon.ts";
import { recordBody } from "../support/record-body.ts";

const ANNA = parsePartition("anna/genome");
const BORIS = parsePartition("boris/genome");
const TABLE = assetKey("normalized");

let path: string;
let now: Date;
let catalog: Catalog;

beforeEach(async () => {
  path = join(await temporaryFolder("catalog"), "catalog.sqlite");
  now = new Date("2026-11-22T12:00:00Z");
  catalog = new Catalog(path, () => now);
});

function record(version: string, partition = ANNA, hash = version): RecordBody {
  const dataVersion = version as DataVersion;
  return recordBody({ asset: TABLE, partition, hash, bytes: 10 }, { dataVersion });
}

function materialise(version: string, partition = ANNA, hash = version): void {
  catalog.append({
    type: "materialised",
    run: 1,
    asset: TABLE,
    partition,
    record: record(version, partition, hash),
  });
}

test("what is read at one moment has nothing that another process writes meanwhile", () => {
  materialise("v1");
  const other = new Catalog(path, () => now);
  const record1 = { dataVersion: "v1" };
  catalog.reading(() => {
    expect(catalog.versions.headRecord(TABLE, ANNA)).toMatchObject(record1);
    other.append({
      type: "materialised",
      run: 2,
      asset: TABLE,
      partition: ANNA,
      record: record("v2"),
    });
    expect(catalog.versions.headRecord(TABLE, ANNA)).toMatchObject(record1);
    expect(catalog.reading(() => catalog.versions.headRecord(TABLE, ANNA))).toMatchObject(record1);
  });
  expect(catalog.versions.headRecord(TABLE, ANNA)).toMatchObject({ dataVersion: "v2" });
  expect(() => catalog.reading(() => expect.unreachable("as asked"))).toThrow("as asked");
  materialise("v3");
  other.close();
});

test("a head is the latest materialisation, and earlier ones stay to be found by their content", () => {
  materialise("v1");
  materialise("v2");
  expect(catalog.versions.head(TABLE, ANNA)).toMatchObject({ kind: "record", record: { dataVersion: "v2" } });
  expect(catalog.versions.at(TABLE, ANNA, "v1" as DataVersion)).toMatchObject({
    record: { dataVersion: "v1" },
  });
  expect(catalog.versions.head(TABLE, BORIS)).toBeNull();
});

test("a transaction that throws leaves nothing behind", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const bad = { ...record("v2"), facts: circular };
  materialise("v1");
  expect(() =>
    catalog.append(
      { type: "step_started", run: 1, asset: TABLE, partition: ANNA },
      { type: "materialised", run: 1, asset: TABLE, partition: ANNA, record: bad },
    ),
  ).toThrow(/circular/);
  expect(catalog.versions.head(TABLE, ANNA)).toMatchObject({ record: { dataVersion: "v1" } });
  expect(catalog.eventsOfRun(1)).toHaveLength(1);
});

test("two processes on one file see what the other wrote", () => {
  const other = new Catalog(path, () => now);
  materialise("v1");
  expect(other.versions.head(TABLE, ANNA)).toMatchObject({ record: { dataVersion: "v1" } });
  expect(other.startRun({ partition: ANNA, selection: "a", steps: [] })).toBe(2);
  expect(catalog.startRun({ partition: ANNA, selection: "a", steps: [] })).toBe(3);
  other.close();
});

test("a lease is held by one run, and free when that gave it back", () => {
  expect(catalog.leases.take("x", 1)).toBe(true);
  expect(catalog.leases.take("x", 2)).toBe(false);
  expect(catalog.leases.take("x", 1)).toBe(true);
  catalog.leases.release("x", 2);
  expect(catalog.leases.isHeld("x")).toBe(true);
  catalog.leases.release("x", 1);
  expect(catalog.leases.isHeld("x")).toBe(false);
  expect(catalog.leases.take("x", 2)).toBe(true);
});

test("a lease is held as long as its process lives, whatever the clock says", () => {
  for (const years of [-3, 3]) {
    const holder = new Catalog(path);
    const then = new Date(now);
    then.setFullYear(then.getFullYear() + years);
    const other = new Catalog(path, () => then);
    expect(holder.leases.take("x", 1)).toBe(true);
    other.leases.sweep();
    expect(other.leases.isHeld("x")).toBe(true);
    // A run has a number, and that may be one of before a crash.
    expect(other.leases.take("x", 1)).toBe(false);
    holder.close();
    expect(other.leases.isHeld("x")).toBe(false);
    expect(other.leases.take("x", 1)).toBe(true);
    other.close();
  }
});

test("a lease of a process that was killed is free at once, and nothing is left of it", async () => {
  const entry = fileURLToPath(new URL("leasing-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", entry, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const [id = ""] = readdirSync(join(dirname(path), "processes"));
  expect(id).not.toBe("");
  expect(catalog.leases.take("x", 1)).toBe(false);
  child.kill("SIGSTOP");
  expect(catalog.leases.take("x", 1)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(catalog.leases.take("x", 1)).toBe(true);
  catalog.leases.sweep();
  expect(readdirSync(join(dirname(path), "processes"))).not.toContain(id);
});

test("erasing a partition takes its heads and what was written down of it, and leaves the receipt", () => {
  materialise("v1", ANNA, "shared");
  materialise("v2", ANNA, "own");
  materialise("v1", BORIS, "shared");
  catalog.append({ type: "partition_set", partition: ANNA, attributes: { vcf: "/a.vcf" } });
  const files = catalog.recordedFiles().map(({ partition, hash }) => `${partition} ${hash}`);
  expect(files).toEqual([`${ANNA} shared`, `${ANNA} own`, `${BORIS} shared`]);
  expect(catalog.partitions.removedAt(ANNA)).toBeNull();
  const receipt = { type: "erased", partition: ANNA, assets: [TABLE], objects: 0, bytes: 0 } as const;
  const erased = { receipts: [receipt], derived: [], objects: ["own" as ObjectHash] };
  expect(() => {
    catalog.erase(erased, () => {
      throw new Error("busy");
    });
  }).toThrow("busy");
  expect(catalog.versions.head(TABLE, ANNA)).not.toBeNull();
  catalog.erase(erased);
  expect(catalog.doomed.all()).toEqual(["own"]);
  expect(catalog.versions.head(TABLE, ANNA)).toBeNull();
  expect(catalog.versions.head(TABLE, BORIS)).not.toBeNull();
  expect(catalog.partitions.all()).toEqual([]);
  expect(catalog.recordedFiles().map(({ partition }) => partition)).toEqual([BORIS]);
  expect(catalog.partitions.removedAt(ANNA)).toBe(now.toISOString());
  const left = catalog.latest(100).map(({ event }) => event);
  expect(left.filter((event) => "partition" in event && event.partition === ANNA)).toEqual([receipt]);
  expect(readFileSync(path).includes("/a.vcf")).toBe(false);
});

test("a version has an earlier one when it was made before in this partition, and that is not erased", () => {
  const earlier = (): boolean => {
    const [latest] = catalog.versions.history(TABLE, ANNA, 1);
    return catalog.versions.hasEarlier(TABLE, ANNA, latest?.seq ?? 0);
  };
  materialise("v1", BORIS);
  materialise("v1");
  expect(earlier()).toBe(false);
  materialise("v2");
  expect(earlier()).toBe(true);
  catalog.append({ type: "erased", partition: ANNA, assets: [TABLE], objects: 0, bytes: 0 });
  materialise("v3");
  expect(earlier()).toBe(false);
});

test("a failure is the last word until something succeeds", () => {
  const at = { run: 1, asset: TABLE, partition: ANNA } as const;
  catalog.append({ type: "step_failed", ...at, error: { code: "engine", message: "no" } });
  expect(catalog.versions.lastFailure(TABLE, ANNA)?.event).toMatchObject({ error: { message: "no" } });
  materialise("v1");
  expect(catalog.versions.lastFailure(TABLE, ANNA)).toBeNull();
  catalog.erase({ receipts: [], derived: [catalog.lastSeq()], objects: [] });
  expect(catalog.versions.withdrawn(TABLE, ANNA)).toBe(true);
  expect(catalog.versions.lastFailure(TABLE, ANNA)).toBeNull();
});

test("a run without an end is open", () => {
  const run = catalog.startRun({ partition: ANNA, selection: "a", steps: [] });
  expect(catalog.openRuns()).toEqual([run]);
  catalog.append({ type: "run_ended", run, state: "done" });
  expect(catalog.openRuns()).toEqual([]);
});

test.each([
  ["full of noise", (file: string) => writeFileSync(file, randomBytes(50_000)), "the catalog is damaged"],
  ["cut off", (file: string) => truncateSync(file, 5000), "the catalog is damaged"],
  ["a folder", replacedByFolder, "the catalog cannot be opened"],
])("a file that is %s is refused in words, with its name", (_what, damage, message) => {
  catalog.append({ type: "partition_set", partition: ANNA, attributes: {} });
  catalog.close();
  // What is not in the file yet would stand in for it.
  for (const log of ["-wal", "-shm"]) rmSync(`${path}${log}`, { force: true });
  damage(path);
  expect(() => new Catalog(path)).toThrow(`${message}: ${path}`);
});

test("what was changed inside a file that opens is said in words, not as an internal error", () => {
  for (let version = 0; version < 200; version++) materialise(`v${version}`);
  // Moves all of it into the file itself.
  catalog.erase({ receipts: [], derived: [], objects: [] });
  catalog.close();
  const whole = readFileSync(path);
  const damage = (from: string, to: string): void => {
    writeFileSync(path, whole.toString("latin1").replaceAll(from, to), "latin1");
    catalog = new Catalog(path);
  };
  const damaged = `the catalog is damaged: ${path}`;
  damage('"type":"materialised"', '"type":"materialised}');
  expect(() => catalog.latest(10)).toThrow(damaged);
  expect(() => catalog.recordedFiles()).toThrow(damaged);
  expect(() => catalog.origins()).toThrow(damaged);
  catalog.close();
  writeFileSync(path, whole.subarray(0, whole.length / 2));
  expect(() => new Catalog(path).latest(1000)).toThrow(damaged);
});

function replacedByFolder(file: string): void {
  rmSync(file);
  mkdirSync(file);
}
