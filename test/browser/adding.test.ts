/** How a genome comes into the workspace: sent or by its path, of one person or of several, sound or not. */
import { readFile, readdir, writeFile } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import { of23andMe, zipOf } from "../support/array-file.ts";
import { openBrowser } from "../support/chromium.ts";
import { addressOf, karyonJson, startKaryon, temporaryFolder } from "../support/karyon.ts";

interface Listed {
  readonly partitions: readonly { readonly key: string; readonly attributes: object }[];
}

let workspace: string;
let server: ChildProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  workspace = await temporaryFolder("adding");
  server = startKaryon(workspace, "start", "--no-open", "--no-demo");
  const address = await addressOf(server);
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  await page.goto(address);
}, 120_000);

/** Every test begins on the page of the samples, with empty fields and nothing told. */
beforeEach(async () => {
  await page.evaluate(() => (location.hash = "#/samples"));
  const buttons = page.locator(".add").getByRole("button", { name: "Dismiss" });
  while ((await buttons.count()) > 0) await buttons.first().click();
  await page.getByLabel("Person").fill("anna");
  for (const field of ["Path of a genome file", "Sample name", "Column, if there are several"])
    await page.getByLabel(field).fill("");
});

afterAll(async () => {
  await browser?.close();
  server.kill();
});

/** A VCF of these samples, with the length that chromosome 1 has on the build. */
function vcf(samples: readonly string[], length = 248_956_422, records = 1): string {
  const head = [
    "##fileformat=VCFv4.2",
    `##contig=<ID=1,length=${length}>`,
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    `#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t${samples.join("\t")}`,
  ];
  const rows = Array.from(
    { length: records },
    (_, at) => `1\t${1000 + at}\t.\tA\tG\t50\tPASS\t.\tGT\t${samples.map(() => "0/1").join("\t")}`,
  );
  return `${[...head, ...rows].join("\n")}\n`;
}

async function send(name: string, content: string | Buffer): Promise<void> {
  await page
    .locator("input[type=file]")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) });
}

async function partition(key: string): Promise<object | undefined> {
  const { partitions } = await karyonJson<Listed>(workspace, "partitions", "list");
  return partitions.find((one) => one.key === key)?.attributes;
}

const card = (): Promise<string> => page.locator(".add .error-card").last().innerText();

test("without a sample a run says what to do in sight, and a file that is dropped onto the notebook is one", async () => {
  await page.getByRole("button", { name: "Notebook", exact: true }).click();
  const report = page.locator("#cell-user_longevity_report");
  await report.scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: "Run all" }).click();
  const refusal = page.locator(".column > .error-card");
  await refusal.getByText("a partition is needed").waitFor();
  expect((await refusal.boundingBox())?.y).toBeGreaterThan(0);
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await page.locator("#cell-user_vcf_source").getByRole("link", { name: "Add a sample" }).waitFor();

  const dropped = await page.evaluateHandle(
    (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "dropped.vcf"));
      return data;
    },
    vcf(["me"]),
  );
  await report.dispatchEvent("drop", { dataTransfer: dropped });
  await page.waitForSelector("text=dropped.vcf is here as me/dropped");
  expect(page.url()).toContain("#/samples");
}, 60_000);

test("of a sent file of several people one is asked for, by keys alone, and is the one that is read", async () => {
  await send("family.vcf", vcf(["mother", "child"]));
  const question = page.locator("fieldset", { hasText: "family.vcf holds 2 samples" });
  await question.waitFor();
  await question.getByRole("button", { name: "child" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=family.vcf is here as anna/family");
  expect(await partition("anna/family")).toMatchObject({ vcf_sample: "child" });
  await page.waitForSelector('.sample-row [aria-current="true"] >> text=anna / family');
}, 60_000);

test("of a file by its path one is asked for too, among thousands by a part of the name", async () => {
  const path = join(workspace, "cohort.vcf");
  await writeFile(path, vcf(Array.from({ length: 2_504 }, (_, at) => `NA${10_000 + at}`)));
  await page.getByLabel("Path of a genome file").fill(path);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const question = page.locator("fieldset", { hasText: "cohort.vcf holds 2,504 samples" });
  await question.waitFor();
  expect(await partition("anna/cohort")).toBeUndefined();
  await page.keyboard.type("NA12503");
  await question.getByRole("button", { name: "NA12503" }).click();
  await page.waitForSelector(".sample-row >> text=anna / cohort");
  expect(await partition("anna/cohort")).toEqual({ vcf: path, vcf_sample: "NA12503" });

  await page.getByLabel("Path of a genome file").fill(path);
  await page.getByLabel("Column").fill("nobody");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForSelector(".add .error-card");
  expect(await card()).toMatch(/cohort\.vcf has no sample nobody[^]*There are NA10000, /);
}, 60_000);

test("a file that may be cut off is asked for, by its path, and told where it was sent", async () => {
  const blocks = await readFile(new URL("../fixtures/vcf/blocks.vcf.gz", import.meta.url));
  const cut = blocks.subarray(0, -28);
  const path = join(workspace, "cut.vcf.gz");
  await writeFile(path, cut);
  await page.getByLabel("Path of a genome file").fill(path);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const question = page.locator("fieldset", { hasText: "cut.vcf.gz may be cut off" });
  await question.waitFor();
  expect(await partition("anna/cut")).toBeUndefined();
  await question.getByRole("button", { name: "It is whole" }).click();
  await page.waitForSelector(".sample-row >> text=anna / cut");
  await send("sent.vcf.gz", cut);
  await page.waitForSelector("text=/sent\\.vcf\\.gz is here as anna\\/sent; it may be cut off/");
}, 60_000);

test("several files that are one sample are added by their paths", async () => {
  const paths = ["carl.chr1.vcf", "carl.chr2.vcf"].map((name) => join(workspace, name));
  for (const path of paths) await writeFile(path, vcf(["carl"]));
  await page.getByLabel("Path of a genome file").fill(paths.join(" ; "));
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForSelector(".sample-row >> text=anna / carl");
  expect(await partition("anna/carl")).toEqual({ vcf: paths });
  await page.getByRole("status").getByText("is here as anna/carl").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Open its notebook" }).click();
  await page.waitForURL(/partition=anna\/carl$/);
  await page.locator("main.notebook article.cell").first().waitFor();
  await page.getByRole("button", { name: "Samples", exact: true }).click();
  await page.getByLabel("Person").fill("anna");
  // A sample that is there keeps its files.
  await page.getByLabel("Path of a genome file").fill(paths[0] ?? "");
  await page.getByLabel("Sample name").fill("carl");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForSelector(".add .error-card");
  expect(await card()).toMatch(/anna\/carl is other files: [^]*another name/);
  expect(await partition("anna/carl")).toEqual({ vcf: paths });
}, 60_000);

test("of files that come together it is asked whether they are one sample", async () => {
  const files = ["bea.snp.vcf", "bea.indel.vcf"].map((name) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(vcf(["bea"])),
  }));
  const question = page.locator("fieldset", { hasText: "bea.snp.vcf, bea.indel.vcf: one sample in 2 files" });
  await page.locator("input[type=file]").setInputFiles(files);
  expect(await question.getByLabel("Name of the one sample").inputValue()).toBe("bea");
  await question.getByRole("button", { name: "One sample" }).click();
  await page.waitForSelector("text=bea.snp.vcf, bea.indel.vcf is here as anna/bea");
  const folder = join(workspace, "data/input/users/anna/bea");
  expect(await partition("anna/bea")).toEqual({
    vcf: [join(folder, "bea.indel.vcf"), join(folder, "bea.snp.vcf")],
  });
  await page.locator("input[type=file]").setInputFiles(files);
  await question.getByRole("button", { name: "A sample each" }).click();
  await page.waitForSelector("text=bea.snp.vcf is here as anna/bea.snp");
  await page.waitForSelector("text=bea.indel.vcf is here as anna/bea.indel");
}, 60_000);

test("raw data of an array is sent as the zip of its vendor, or added by its path, and is read by rsID", async () => {
  const text = of23andMe([
    ["rs429358", "19", 45_411_941, "TT"],
    ["rs7412", "19", 45_412_079, "CC"],
  ]);
  await send("genome_Anna_v5.zip", zipOf({ "genome_Anna_v5.txt": text }));
  await page.waitForSelector("text=genome_Anna_v5.zip is here as anna/genome_Anna_v5");
  const path = join(workspace, "AncestryDNA.txt");
  await writeFile(path, text);
  await page.getByLabel("Path of a genome file").fill(path);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForSelector(".sample-row >> text=anna / AncestryDNA");
  expect(await partition("anna/AncestryDNA")).toEqual({ vcf: path });
  for (const sample of ["anna/genome_Anna_v5", "anna/AncestryDNA"]) {
    const run = await karyonJson<RunView>(
      workspace,
      "asset",
      "materialize",
      "--select",
      "user_vcf_normalized",
      "--partition",
      sample,
    );
    expect(run.state).toBe("done");
  }
}, 60_000);

test.each([
  ["words.vcf", "Dear diary", /words\.vcf: .*not a VCF/],
  ["genome.7z", "7z", /genome\.7z: not a genome file[^]*Unpack it/],
  ["notes.png", "Dear diary", /notes\.png: not a genome file: notes\.png[^]*ends in \.vcf, \.vcf\.gz, \.txt/],
  ["notes.txt", "Dear diary", /notes\.txt: .*not a VCF[^]*raw data of a genotyping array/],
  ["empty.vcf", "", /empty\.vcf: .*(?:empty|not a VCF)/],
  [
    "old.vcf",
    vcf(["me"], 249_250_621),
    /genome build is GRCh37: contig 1 is 249250621 bases long[^]*lift this one over/,
  ],
])(
  "%s is refused with what is wrong and what to do, and nothing is kept of it",
  async (name, content, said) => {
    await send(name, content);
    await page.waitForSelector(".add .error-card");
    expect(await card()).toMatch(said);
    await page.locator(".add").getByRole("button", { name: "Dismiss" }).click();
    const path = join(workspace, name);
    if (!name.endsWith(".vcf")) return;
    await writeFile(path, content);
    await page.getByLabel("Path of a genome file").fill(path);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.waitForSelector(".add .error-card");
    expect(await card()).toMatch(/not added: /);
    expect(await partition(`anna/${name.replace(/\..*/, "")}`)).toBeUndefined();
  },
  60_000,
);

test("how far a file is, is told in bytes and time; Stop leaves nothing", async () => {
  const client = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
  await client.send("Network.emulateNetworkConditions", slow);
  await send("slow.vcf", vcf(["me"], 248_956_422, 150_000));
  await page.waitForSelector(".transfer >> text=/[\\d.]+ [kM]B of [\\d.]+ MB · ≈ \\d+ s left/");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.waitForSelector(".add .error-card >> text=stopped");
  await client.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await client.detach();
  expect(await partition("anna/slow")).toBeUndefined();
  const kept = await readdir(join(workspace, "data/input/users/anna")).catch((): string[] => []);
  expect(kept.filter((name) => name.startsWith(".upload") || name.startsWith("slow"))).toEqual([]);
}, 60_000);

test("a file goes on while another page is shown, which is told what comes of it, and where it was sent it is still seen", async () => {
  const client = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 };
  await client.send("Network.emulateNetworkConditions", slow);
  const go = (name: string): Promise<void> =>
    page.getByRole("navigation", { name: "page" }).getByRole("button", { name, exact: true }).click();
  const shown = (): string | null => new URL(page.url()).searchParams.get("partition");
  const before = shown();
  for (const [name, content, said] of [
    ["late.vcf", vcf(["me"], 248_956_422, 20_000), "late.vcf is here as anna/late"],
    ["old.vcf", vcf(["me"], 249_250_621, 20_000), "old.vcf did not come: "],
  ] as const) {
    await go("Samples");
    await page.getByLabel("Person").fill("anna");
    await send(name, content);
    await page.locator(".transfer", { hasText: name }).waitFor();
    await go("Runs");
    await page.locator(".toast", { hasText: said }).waitFor();
  }
  // Who is elsewhere is led nowhere.
  expect(shown()).toBe(before);
  await client.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await client.detach();
  await go("Samples");
  await page.waitForSelector("text=late.vcf is here as anna/late");
  expect(await card()).toMatch(/old\.vcf/);
}, 60_000);

test("a file that is cut off is taken by its head, and its cell says where it breaks off", async () => {
  const whole = gzipSync(vcf(["me"], 248_956_422, 20_000));
  await send("torn.vcf.gz", whole.subarray(0, Math.floor(whole.length / 2)));
  await page.waitForSelector("text=torn.vcf.gz is here as anna/torn");
  await page.getByRole("button", { name: "Notebook", exact: true }).click();
  await page.waitForSelector("#cell-user_vcf_normalized");
  await page.getByRole("button", { name: "Run user_vcf_normalized" }).click();
  await page.waitForSelector("#cell-user_vcf_normalized[data-state=failed]");
  const error = await page.locator("#cell-user_vcf_normalized .error-card").innerText();
  expect(error).toMatch(/file is damaged after 1:\d+: the text is cut off/);
}, 60_000);
