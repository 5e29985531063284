import { DamagedText } from "./text/damage.ts";
import { openText } from "./text/text.ts";

/** Text that is looked at: comments of vendors take some thousand bytes. */
const HEAD_BYTES = 1 << 16;

/** The first text of a file, unpacked; of one that is damaged there, what comes before the damage. */
export async function headText(path: string, signal: AbortSignal): Promise<string> {
  const file = await openText(path, signal);
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of file.chunks) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof DamagedText)) throw error;
  } finally {
    await file.close();
  }
  return Buffer.concat(pieces).toString("utf8", 0, HEAD_BYTES);
}
