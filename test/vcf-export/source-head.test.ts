import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { expect, onTestFinished, test } from "vitest";

import { readSourceHead } from "../../kernel/vcf-export/source-head.ts";
import { zipOf } from "../support/array-file.ts";

const VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\n1\t1000\n";

test.each([
  ["plain", Buffer.from(VCF)],
  ["packed", gzipSync(VCF)],
  ["zipped", zipOf({ "genome.vcf": VCF })],
])("a %s file is read up to its first record, and not at all once nobody wants it", async (_how, bytes) => {
  const directory = await mkdtemp(join(tmpdir(), "karyon-head-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "genome.vcf");
  await writeFile(path, bytes);
  expect(await readSourceHead(path, new AbortController().signal)).toEqual({
    meta: ["##fileformat=VCFv4.2"],
    columns: ["#CHROM", "POS"],
    first: ["1", "1000"],
  });
  await expect(readSourceHead(path, AbortSignal.abort())).rejects.toThrow("aborted");
  const stop = new AbortController();
  const stopped = readSourceHead(path, stop.signal);
  setImmediate(() => stop.abort());
  await Promise.allSettled([stopped]);
});
