import { WorkspaceError } from "#protocol/error.ts";

import { readingReport } from "../reading-report.ts";
import type { IngestContext } from "../source.ts";
import { DamagedText } from "./damage.ts";
import { LONGEST_LINE_BYTES, LineStretches } from "./line-stretches.ts";
import { openText } from "./text.ts";

const NEWLINE = 0x0a;

/** Takes a line, whose bytes are `text[from … to)` without the line end; `line` counts from 1. */
export type TakeLine = (text: Buffer, from: number, to: number, line: number) => void;

/**
 * Reads a file of text, packed or not, line by line to its end.
 *
 * @returns SHA-256 (hex) of the file
 * @throws {WorkspaceError} `source` when it cannot be read, is damaged or has a line that is too long
 */
export async function eachLine(
  path: string,
  take: TakeLine,
  context: Pick<IngestContext, "signal" | "progress">,
): Promise<string> {
  const file = await openText(path, context.signal);
  const report = readingReport(path, file.bytes, context);
  const stretches = new LineStretches();
  let line = 0;
  const read = (text: Buffer): void => {
    for (let from = 0; from < text.length;) {
      const end = text.indexOf(NEWLINE, from);
      line += 1;
      take(text, from, end, line);
      from = end + 1;
    }
  };
  try {
    for await (const chunk of file.chunks) {
      for (const stretch of stretches.add(chunk)) read(stretch);
      if (stretches.rest > LONGEST_LINE_BYTES) throw unreadable(path, line + 1, "the line is too long");
      report(line, file.bytesRead());
    }
    const last = stretches.end();
    if (last !== null) read(last);
    return file.sha256();
  } catch (error) {
    throw error instanceof DamagedText ? unreadable(path, line, error.message, error) : error;
  } finally {
    await file.close();
  }
}

function unreadable(path: string, line: number, message: string, cause?: DamagedText): WorkspaceError {
  return new WorkspaceError(
    {
      code: "source",
      message,
      hint: "Download or copy the file again and compare its size or checksum with the original.",
      at: `${path}:${line}`,
    },
    { cause },
  );
}
