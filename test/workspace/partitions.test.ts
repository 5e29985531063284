/** The samples of a workspace: what is dropped into its input folder, and what is said of them. */
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { parsePartition } from "#protocol/ids.ts";

import type { EraseResult } from "../../server/cli/erase.ts";
import { addDroppedFiles } from "../../server/dropped-files.ts";
import { until } from "../support/karyon.ts";
import { of23andMe } from "../support/array-file.ts";
import { Asking } from "./asking.ts";

let here: Asking;

beforeEach(async () => {
  here = await Asking.open();
});

afterEach(() => here.close());

test("a partition that was hidden comes back with what belongs to it", async () => {
  const { paths } = here.workspace;
  const vcf = join(paths.input, "users/anna/a.vcf");
  await mkdir(dirname(vcf), { recursive: true });
  await writeFile(vcf, "##fileformat=VCFv4.2");
  const key = parsePartition("anna/a");
  const attributes = { vcf, vcf_sample: "B", modules: ["coronary"] };
  const hide = (): Promise<unknown> => here.ask("partitions-rm", { key, keepOutputs: true });
  here.workspace.setPartition(key, attributes);
  await hide();
  expect(here.workspace.catalog.partitions.get(key)).toBeNull();
  await here.ask("partitions-add", { key });
  expect(here.workspace.attributes(key)).toEqual(attributes);
  await hide();
  // A file system tells the time less exactly than a clock.
  await until(async () => {
    await writeFile(vcf, "##fileformat=VCFv4.2");
    await addDroppedFiles(here.workspace);
    return here.workspace.catalog.partitions.get(key) !== null;
  });
  expect(here.workspace.attributes(key)).toEqual(attributes);
  await here.ask("partitions-rm", { key });
  await here.ask("partitions-add", { key });
  expect(here.workspace.attributes(key)).toEqual({});
});

test("a folder of files has samples of what is a genome by what it holds", async () => {
  const input = join(here.workspace.paths.input, "users/anna");
  await mkdir(input, { recursive: true });
  await writeFile(join(input, "genome_v5.txt"), of23andMe([["rs1", "1", 100, "AA"]]));
  await writeFile(join(input, "notes.txt"), "Dear diary");
  await writeFile(join(input, "genes.csv"), "rsid,gene\nrs1,APOE\n");
  await addDroppedFiles(here.workspace);
  expect(here.workspace.catalog.partitions.all().map(({ key }) => key)).toEqual(["anna/genome_v5"]);
});

test.runIf(process.platform === "linux")(
  "a file that cannot be read keeps no other from being added",
  async () => {
    const users = join(here.workspace.paths.input, "users");
    for (const user of ["anna", "boris"]) await mkdir(join(users, user), { recursive: true });
    // A file whose bytes the system does not give.
    await symlink("/proc/self/mem", join(users, "anna/a.txt"));
    await writeFile(join(users, "anna/b.vcf"), "##fileformat=VCFv4.2");
    await writeFile(join(users, "boris/a.txt"), of23andMe([["rs1", "1", 100, "AA"]]));
    await expect(addDroppedFiles(here.workspace)).rejects.toThrow("disk fails");
    expect(here.workspace.catalog.partitions.all().map(({ key }) => key)).toEqual(["anna/b", "boris/a"]);
  },
);

describe("the partitions", () => {
  const list = async (parameters: object = {}): Promise<{ partitions: string[]; next: string | null }> => {
    const { partitions, next } = await here.ask<{ partitions: { key: string }[]; next: string | null }>(
      "partitions-list",
      parameters,
    );
    return { partitions: partitions.map(({ key }) => key), next };
  };

  test("are listed by whose they are, and a page at a time", async () => {
    for (const key of ["anna/b1", "anna/b2", "anna/c", "annabel/b", "boris/a"])
      await here.ask("partitions-add", { key });
    expect((await list()).partitions).toEqual(["anna/b1", "anna/b2", "anna/c", "annabel/b", "boris/a"]);
    expect((await list({ whose: "anna" })).partitions).toEqual(["anna/b1", "anna/b2", "anna/c"]);
    expect((await list({ whose: "anna*" })).partitions).toHaveLength(4);
    expect((await list({ whose: "anna/b*" })).partitions).toEqual(["anna/b1", "anna/b2"]);
    expect(await list({ limit: 2 })).toEqual({ partitions: ["anna/b1", "anna/b2"], next: "anna/b2" });
    expect(await list({ whose: "anna", limit: 2, after: "anna/b2" })).toEqual({
      partitions: ["anna/c"],
      next: null,
    });
    await expect(list({ whose: "*a" })).rejects.toMatchObject({ info: { code: "usage" } });
  });

  test("hold what a person says of one, until they take it back or it is erased", async () => {
    const about = async (parameters: object): Promise<object> =>
      (await here.ask<{ attributes: object }>("partitions-add", { key: "anna/a", ...parameters })).attributes;
    expect(await about({ sex: "female", description: "blood, 2024" })).toEqual({
      sex: "female",
      description: "blood, 2024",
    });
    expect(await about({ sex: "" })).toEqual({ description: "blood, 2024" });
    await expect(about({ sex: "x" })).rejects.toMatchObject({ info: { code: "usage" } });
    await here.ask("erase", { user: "anna", yes: true });
    expect(await about({})).toEqual({});
  });
});

test("files of one sample are no samples of their own, and their folder goes with them", async () => {
  const { paths, catalog } = here.workspace;
  const folder = join(paths.input, "users/berta");
  const sent = join(folder, "sent");
  await mkdir(sent, { recursive: true });
  const vcf = [join(folder, "snp.vcf"), join(folder, "indel.vcf"), join(sent, "snp.vcf")];
  for (const path of vcf) await writeFile(path, "##fileformat=VCFv4.2");
  here.workspace.setPartition(parsePartition("berta/both"), { vcf });
  await addDroppedFiles(here.workspace);
  expect(catalog.partitions.of("berta")).toEqual(["berta/both"]);
  const receipt = await here.ask<EraseResult>("erase", { user: "berta", yes: true, source: true });
  expect(receipt.sources).toEqual(vcf);
  expect(existsSync(sent)).toBe(false);
});
