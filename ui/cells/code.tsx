import { useState } from "react";
import type { ReactNode } from "react";

import { highlight } from "../code/highlight.ts";

/** Longer code is folded to its beginning. */
const LINES_SHOWN = 9;
/** Hiding less than this is not worth a button. */
const LINES_WORTH_HIDING = 4;

interface Props {
  readonly source: string;
  readonly language: string;
  readonly label: string;
}

export function Code({ source, language, label }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const lines = source.split("\n");
  const foldable = lines.length >= LINES_SHOWN + LINES_WORTH_HIDING;
  const shown = foldable && !open ? lines.slice(0, LINES_SHOWN).join("\n") : source;
  if (source.trim() === "") return null;
  return (
    <div className="code">
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>
          {highlight(shown, language).map((token, index) => (
            <span key={index} className={token.class === "plain" ? undefined : `code-${token.class}`}>
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
