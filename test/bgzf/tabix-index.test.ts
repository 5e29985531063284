import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { BgzfWriter } from "../../kernel/bgzf/bgzf-writer.ts";
import { TabixIndex } from "../../kernel/bgzf/tabix-index.ts";
import { Random } from "../../kernel/synth/random.ts";
import { linesByIndex } from "../vcf-export/read-vcf.ts";

interface Line {
  readonly contig: string;
  readonly start: number;
  readonly end: number;
}

/** Records at random, some of which reach over bins of every size. */
function drawn(random: Random): Line[] {
  return ["chr1", "chr2"].flatMap((contig) =>
    Array.from({ length: 4_000 }, () => {
      const start = 1 + random.below(2 ** 27);
      return { contig, start, end: start + random.below(2 ** random.below(24)) };
    }).toSorted((a, b) => a.start - b.start),
  );
}

async function written(lines: readonly Line[]): Promise<{ path: string; texts: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "karyon-tabix-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "records.vcf.gz");
  const texts = lines.map(
    ({ contig, start, end }) => `${contig}\t${start}\t.\tN\t.\t.\t.\tEND=${end};${"x".repeat(start % 97)}`,
  );
  const index = new TabixIndex();
  const pack = async (parts: readonly string[], use: (writer: BgzfWriter) => void): Promise<Buffer> => {
    const out: Uint8Array[] = [];
    const writer = new BgzfWriter(async (bytes) => void out.push(bytes));
    for (const part of parts) await writer.write(Buffer.from(part, "latin1"));
    await writer.end();
    use(writer);
    return Buffer.concat(out);
  };
  let at = 0;
  for (const [row, { contig, start, end }] of lines.entries()) {
    const to = at + (texts[row]?.length ?? 0) + 1;
    index.add(contig, start - 1, end, at, to);
    at = to;
  }
  let bytes: Uint8Array = new Uint8Array();
  await writeFile(
    path,
    await pack(
      texts.map((text) => `${text}\n`),
      (writer) => {
        bytes = index.bytes((byte) => writer.virtualOffset(byte));
      },
    ),
  );
  await writeFile(`${path}.tbi`, await pack([Buffer.from(bytes).toString("latin1")], () => {}));
  return { path, texts };
}

test("for every region the index leads to exactly the records that reach into it", async () => {
  const random = new Random(11, "regions");
  const lines = drawn(random);
  const { path, texts } = await written(lines);
  for (let left = 20; left > 0; left--) {
    const contig = `chr${1 + random.below(2)}`;
    const first = 1 + random.below(2 ** 27);
    const last = first + random.below(2 ** random.below(26));
    const wanted = texts.filter((_text, row) => {
      const line = lines[row];
      return line?.contig === contig && line.start <= last && line.end >= first;
    });
    expect(await linesByIndex(path, contig, first, last)).toEqual(wanted);
  }
});

test("a record out of order, a contig in two parts and a place beyond the format are refused", () => {
  const index = new TabixIndex();
  index.add("chr1", 10, 11, 0, 5);
  expect(() => index.add("chr1", 9, 10, 5, 9)).toThrow("records of chr1 are not in order");
  index.add("chr2", 1, 2, 5, 9);
  expect(() => index.add("chr1", 20, 21, 9, 12)).toThrow("records of chr1 are not together");
  expect(() => index.add("chr2", 5, 2 ** 29 + 1, 9, 12)).toThrow(
    expect.objectContaining({ info: expect.objectContaining({ code: "asset" }) }),
  );
});
