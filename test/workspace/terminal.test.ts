import { mkdir, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { karyon, temporaryFolder } from "../support/karyon.ts";

/** Clears the screen, and names the window. */
const ORDERS = "\u001b[2J\u001b]0;mine\u0007";
const WRITTEN_OUT = "⟨U+001B⟩[2J⟨U+001B⟩]0;mine⟨U+0007⟩";

test("names and values of files give a terminal no orders", async () => {
  const workspace = await temporaryFolder("terminal");
  await mkdir(`${workspace}/notebooks`);
  await writeFile(`${workspace}/notebooks/it.md`, `# Title ${ORDERS}\u202E\n`);
  const listed = await karyon(workspace, "notebook", "list");
  expect(listed.stdout).toBe(`it.md  Title ${WRITTEN_OUT}⟨U+202E⟩\n`);

  const vcf = `##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS\nchr1\tx${ORDERS}\t.\tA\tT\t9\t.\t.\tGT\t0/1\n`;
  const shipped = await temporaryFolder("terminal");
  const file = `${shipped}/a${ORDERS}.vcf`;
  await writeFile(file, vcf);
  const words = ["-u", "a", "--sample", "b", "-m", "vo2max"];
  const { stdout, stderr } = await karyon(shipped, "annotate", file, ...words);
  expect(`${stdout}${stderr}`).toContain(`POS is x${WRITTEN_OUT}`);
  const missing = await karyon(shipped, "annotate", `${file}.none`, ...words);
  expect(missing.stderr).toContain(WRITTEN_OUT);
  for (const text of [listed.stdout, stdout, stderr, missing.stderr]) {
    expect(text).not.toMatch(/(?![\n\t])\p{Cc}/u);
  }
});
