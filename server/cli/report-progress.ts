import type { AssetKey } from "#protocol/ids.ts";
import type { Progress } from "#protocol/record.ts";

import { progressText } from "./format.ts";
import { visible } from "./visible.ts";

/** Where there is no terminal, one asset's progress is a line at the most so often. */
const PLAIN_INTERVAL_MS = 5000;

/** Columns of a terminal that does not say how wide it is. */
const UNKNOWN_WIDTH = 80;

export interface ProgressLine {
  show(asset: AssetKey | null, progress: Progress): void;
  clear(): void;
}

/** Shows progress on standard error: one line that is rewritten on a terminal, plain lines elsewhere. */
export function reportProgress(): ProgressLine {
  const stream = process.stderr;
  const started = new Map<string, number>();
  const said = new Map<string, { phase: string; at: number }>();
  return {
    show(asset, progress) {
      const name = asset ?? "";
      const now = performance.now();
      const begin = started.get(name) ?? now;
      started.set(name, begin);
      const words = progressText(progress, (now - begin) / 1000);
      const text = visible(`${name === "" ? "" : `${name}: `}${words}`);
      if (stream.isTTY) {
        stream.write(`\r\u001b[2K${text.slice(0, (stream.columns || UNKNOWN_WIDTH) - 1)}`);
        return;
      }
      const last = said.get(name);
      if (last !== undefined && last.phase === progress.phase && now - last.at < PLAIN_INTERVAL_MS) return;
      said.set(name, { phase: progress.phase, at: now });
      stream.write(`${text}\n`);
    },
    clear() {
      if (stream.isTTY) stream.write("\r\u001b[2K");
    },
  };
}
