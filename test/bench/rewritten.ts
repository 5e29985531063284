import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

import { BgzfWriter } from "../../kernel/bgzf/bgzf-writer.ts";
import type { Genome } from "./benchmark.ts";

/** Text gathered before it is handed to the writer. */
const BATCH_CHARACTERS = 1 << 20;

/** Puts lines in the place of one. */
export type Rewrite = (line: string) => readonly string[];

/** A genome at `target`, which has other lines in the place of some. */
export async function rewritten({ path }: Genome, target: string, linesFor: Rewrite): Promise<Genome> {
  const file = await open(target, "w");
  const writer = new BgzfWriter(async (bytes) => {
    await file.writeFile(bytes);
  });
  let text = "";
  let records = 0;
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity });
  for await (const line of lines) {
    for (const written of linesFor(line)) {
      text += `${written}\n`;
      if (!written.startsWith("#")) records += 1;
    }
    if (text.length < BATCH_CHARACTERS) continue;
    await writer.write(Buffer.from(text));
    text = "";
  }
  await writer.write(Buffer.from(text));
  await writer.end();
  await file.close();
  return { path: target, records, bytes: (await stat(target)).size };
}
