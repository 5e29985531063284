import { useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import { indexOf } from "#notebook/text-place.ts";

import { highlight } from "../code/highlight.ts";
import type { Token } from "../code/highlight.ts";
import { lineNumbers } from "../shell/line-numbers.ts";
import type { CellMarker } from "../editor/cell-markers.ts";

/** Longer code is folded to its beginning. */
const LINES_SHOWN = 9;
/** Hiding less than this is not worth a button. */
const LINES_WORTH_HIDING = 4;

interface Props {
  readonly source: string;
  readonly language: string;
  readonly label: string;
  /** Stretches that are underlined as wrong. */
  readonly markers?: readonly CellMarker[];
}

export function Code({ source, language, label, markers = [] }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const lines = source.split("\n");
  const foldable = lines.length >= LINES_SHOWN + LINES_WORTH_HIDING;
  const shown = foldable && !open ? lines.slice(0, LINES_SHOWN).join("\n") : source;
  const numbered = useSyncExternalStore(lineNumbers.onTurn, lineNumbers.isOn);
  if (source.trim() === "") return null;
  return (
    <div className={numbered ? "code numbered" : "code"}>
      {numbered ? (
        <div className="line-numbers" aria-hidden="true">
          {shown.split("\n").map((_line, at) => (
            <span key={at}>{at + 1}</span>
          ))}
        </div>
      ) : null}
      <pre tabIndex={0} role="group" aria-label={label}>
        <code>
          {marked(highlight(shown, language), shown, markers).map((token, index) => (
            <span key={index} className={classOf(token)} title={token.message ?? undefined}>
              {token.text}
            </span>
          ))}
        </code>
      </pre>
      {foldable ? (
        <button type="button" className="fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Fold the code" : `Show all ${lines.length} lines`}
        </button>
      ) : null}
    </div>
  );
}

interface MarkedToken extends Token {
  readonly message: string | null;
}

function classOf(token: MarkedToken): string | undefined {
  const names = [
    ...(token.class === "plain" ? [] : [`code-${token.class}`]),
    ...(token.message === null ? [] : ["code-wrong"]),
  ];
  return names.length === 0 ? undefined : names.join(" ");
}

/** The tokens, cut at the ends of markers. */
function marked(tokens: readonly Token[], source: string, markers: readonly CellMarker[]): MarkedToken[] {
  const stretches = markers.map((marker) => {
    const start = indexOf(source, marker);
    return { start, end: start + marker.length, message: marker.message };
  });
  let at = 0;
  return tokens.flatMap((token) => {
    const [from, to] = [at, at + token.text.length];
    at = to;
    const ends = stretches.flatMap(({ start, end }) => [start, end]).filter((end) => end > from && end < to);
    const cuts = [...new Set([from, ...ends, to])].toSorted((a, b) => a - b);
    return cuts.slice(1).map((end, index): MarkedToken => {
      const start = cuts[index] ?? from;
      const message = stretches.find((one) => one.start <= start && end <= one.end)?.message ?? null;
      return { ...token, text: source.slice(start, end), message };
    });
  });
}
