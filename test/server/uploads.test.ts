import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { WorkspaceError } from "#protocol/error.ts";

import { storeUpload, takeName } from "../../server/uploads.ts";
import { Workspace } from "../../server/workspace.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { of23andMe } from "../support/array-file.ts";
import { temporaryFolder } from "../support/karyon.ts";
import { request, startEdge } from "./edge.ts";

const OCTETS = { "Content-Type": "application/octet-stream" };
const VCF = `##fileformat=VCFv4.2\n##contig=<ID=1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tanna\n1\t100\t.\tA\tG\t50\tPASS\t.\tGT\t0/1\n`;
const never = new AbortController().signal;

test("the bytes of a file arrive, and the answer is what became of them", async () => {
  const edge = await startEdge();
  const answer = await request(edge, "/api/uploads/anna/child.vcf", OCTETS, { method: "POST", body: VCF });
  expect(answer.status).toBe(201);
  expect(JSON.parse(answer.body)).toMatchObject({ file: "child.vcf", bytes: VCF.length });
});

test.each<[string, Readonly<Record<string, string | null>>, number]>([
  ["a form's text", { "Content-Type": "text/plain" }, 415],
  ["a form", { "Content-Type": "application/x-www-form-urlencoded" }, 415],
  ["a form of parts", { "Content-Type": "multipart/form-data; boundary=x" }, 415],
  ["octets with a parameter", { "Content-Type": "application/octet-stream; x=text/plain" }, 415],
  ["no type", { "Content-Type": null }, 415],
  ["compressed octets", { ...OCTETS, "Content-Encoding": "gzip" }, 415],
  ["another origin", { ...OCTETS, Origin: "http://evil.example" }, 403],
  ["no origin", { ...OCTETS, Origin: null }, 403],
  ["another site", { ...OCTETS, "Sec-Fetch-Site": "cross-site" }, 403],
  ["no secret", { ...OCTETS, Cookie: null }, 401],
  ["more bytes than may be", { ...OCTETS, "Content-Length": "99999999999999" }, 413],
])("an upload from %s is refused and nothing is kept", async (_what, changes, status) => {
  const edge = await startEdge();
  const answer = await request(edge, "/api/uploads/anna/child.vcf", changes, { method: "POST", body: VCF });
  expect(answer.status).toBe(status);
  expect(edge.workspace.started).toEqual([]);
});

test("a file takes no name that is taken, also where the file system has no links", async () => {
  const folder = await temporaryFolder("names");
  const [staged, taken, free] = [join(folder, "staged"), join(folder, "taken"), join(folder, "free")];
  for (const path of [staged, taken]) await writeFile(path, path);
  const noLinks = (): Promise<void> =>
    Promise.reject(Object.assign(new Error("operation not permitted"), { code: "EPERM" }));
  expect(await takeName(staged, taken, noLinks)).toBe(false);
  expect(await takeName(staged, taken)).toBe(false);
  expect(await readFile(taken, "utf8")).toBe(taken);
  expect(await takeName(staged, free, noLinks)).toBe(true);
  expect(await readFile(free, "utf8")).toBe(staged);
});

async function workspace(): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "karyon-upload-"));
  const opened = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  onTestFinished(async () => {
    await opened.close();
    await rm(root, { recursive: true, force: true });
  });
  return opened;
}

async function* body(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

const files = async (opened: Workspace): Promise<string[]> => {
  const names = await readdir(join(opened.paths.input, "users", "anna")).catch(() => []);
  return names.toSorted((a, b) => (a < b ? -1 : 1));
};

test("an uploaded VCF is a partition; a second of its name gets a number, and nothing is written over", async () => {
  const opened = await workspace();
  const ask = (name: string, text: string): ReturnType<typeof storeUpload> =>
    storeUpload(
      opened,
      { user: "anna", name, mostBytes: 10_000 },
      body(text.slice(0, 50), text.slice(50)),
      never,
    );
  expect(await ask("child.vcf", VCF)).toMatchObject({
    partition: "anna/child",
    file: "child.vcf",
    inspection: { samples: ["anna"], build: { detected: "GRCh38" } },
  });
  expect(await ask("child.vcf", VCF.replace("0/1", "1/1"))).toMatchObject({ partition: "anna/child-2" });
  expect(await files(opened)).toEqual(["child-2.vcf", "child.vcf"]);
  const kept = join(opened.paths.input, "users", "anna", "child.vcf");
  expect(await readFile(kept, "utf8")).toBe(VCF);
  expect((await stat(kept)).mode & 0o077).toBe(0);
  expect(opened.attributes("anna/child" as never)).toEqual({ vcf: kept });
}, 30_000);

test("what is no VCF, is too large or breaks off leaves nothing behind", async () => {
  const opened = await workspace();
  const request = { user: "anna", name: "child.vcf", mostBytes: 1_000 };
  await expect(storeUpload(opened, request, body("hello"), never)).rejects.toMatchObject({
    info: { code: "source", at: "child.vcf" },
  });
  await expect(storeUpload(opened, request, body(VCF, "x".repeat(1_000)), never)).rejects.toMatchObject({
    info: { code: "usage", message: "the file is larger than 1000 bytes" },
  });
  const broken = (async function* () {
    yield Buffer.from(VCF);
    throw new Error("reset");
  })();
  await expect(storeUpload(opened, request, broken, never)).rejects.toThrow("reset");
  expect(await files(opened)).toEqual([]);
  expect(opened.catalog.partitions.all()).toEqual([]);
}, 30_000);

const TOGETHER = "6e6c4f0e-6d0c-4d0a-9d5e-0c1f6a1f2b3c";

/** Sends one of several files that are one sample. */
function sendOf(
  opened: Workspace,
  name: string,
  text: string,
  { last = false, sample = "both" }: { readonly last?: boolean; readonly sample?: string } = {},
): ReturnType<typeof storeUpload> {
  const together = { id: TOGETHER, sample, last };
  return storeUpload(opened, { user: "anna", name, mostBytes: 10_000, together }, body(text), never);
}

test("files that are sent together are one sample once the last is there", async () => {
  const opened = await workspace();
  expect(await sendOf(opened, "snp.vcf", VCF)).toMatchObject({ partition: null, file: "snp.vcf" });
  expect(opened.catalog.partitions.all()).toEqual([]);
  const sent = await sendOf(opened, "indel.vcf", VCF, { last: true });
  expect(sent).toMatchObject({ partition: "anna/both", inspection: { samples: ["anna"] } });
  const folder = join(opened.paths.input, "users", "anna", "both");
  const vcf = [join(folder, "indel.vcf"), join(folder, "snp.vcf")];
  expect(opened.attributes("anna/both" as never)).toEqual({ vcf });
  expect(await files(opened)).toEqual(["both"]);

  await sendOf(opened, "snp.vcf", VCF);
  expect(await sendOf(opened, "indel.vcf", VCF, { last: true })).toMatchObject({ partition: "anna/both-2" });
}, 30_000);

test("of files that do not go together, and of one that is no VCF, nothing stays", async () => {
  const opened = await workspace();
  await sendOf(opened, "snp.vcf", VCF);
  await expect(sendOf(opened, "snp.vcf", VCF)).rejects.toThrow("two files of one name: snp.vcf");
  expect(await files(opened)).toEqual([]);
  await sendOf(opened, "snp.vcf", VCF);
  const other = VCF.replace("FORMAT\tanna", "FORMAT\tbob");
  await expect(sendOf(opened, "indel.vcf", other, { last: true })).rejects.toThrow(
    "the files have no sample in common: indel.vcf has bob, snp.vcf has anna",
  );
  expect(await files(opened)).toEqual([]);
  await expect(sendOf(opened, "snp.vcf", VCF, { sample: "../x" })).rejects.toThrow(
    "not the name of a sample",
  );
  expect(opened.catalog.partitions.all()).toEqual([]);
}, 30_000);

test.each(["together=x&sample=both", `together=${TOGETHER}`, `together=${TOGETHER}&sample=a&more=1`])(
  "an upload that asks ?%s is refused",
  async (question) => {
    const edge = await startEdge();
    const sent = { method: "POST", body: VCF };
    const answer = await request(edge, `/api/uploads/anna/child.vcf?${question}`, OCTETS, sent);
    expect(answer.status).toBe(400);
    expect(edge.workspace.started).toEqual([]);
  },
);

test.each([
  ["anna", "../evil.vcf"],
  ["anna", "a/b.vcf"],
  ["anna", "a\\b.vcf"],
  ["anna", ".vcf"],
  ["anna", ".hidden.vcf"],
  ["anna", "genome.png"],
  ["anna", "a\u0000.vcf"],
  ["anna", "a\u202Efcv.vcf"],
  ["anna", "<img src=x>.vcf"],
  ["anna", `${"a".repeat(200)}.vcf`],
  ["anna", `${"ж".repeat(126)}.vcf.gz`],
  ["anna", `${"🧬".repeat(40)}.vcf`],
  ["..", "child.vcf"],
  ["", "child.vcf"],
  ["a/b", "child.vcf"],
  [".", "child.vcf"],
  ["C:", "child.vcf"],
])("the user %j and the name %j are refused before a byte is written", async (user, name) => {
  const opened = await workspace();
  let read = false;
  const untouched = (async function* () {
    read = true;
    yield Buffer.from(VCF);
  })();
  const error: unknown = await storeUpload(opened, { user, name, mostBytes: 1_000 }, untouched, never).catch(
    (caught: unknown) => caught,
  );
  expect((error as WorkspaceError).info).toMatchObject({ code: "usage" });
  expect(read).toBe(false);
  expect(await readdir(opened.paths.root)).toEqual([".karyon"]);
});

test("raw data of an array is kept under its name; text that is none is not", async () => {
  const opened = await workspace();
  const sent = (name: string, text: string): ReturnType<typeof storeUpload> =>
    storeUpload(opened, { user: "anna", name, mostBytes: 10_000 }, body(text), never);
  expect(await sent("genome_v5.txt", of23andMe([["rs1", "1", 100, "AA"]]))).toMatchObject({
    partition: "anna/genome_v5",
    inspection: { samples: [], caller: "23andMe", build: { detected: "GRCh37" } },
  });
  await expect(sent("notes.txt", "Dear diary")).rejects.toThrow("not a VCF");
  expect(await files(opened)).toEqual(["genome_v5.txt"]);
});
