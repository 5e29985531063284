import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { counted } from "#protocol/numerals.ts";
import type { UpdateResult } from "#protocol/verb-results.ts";

import { askVerb } from "../connection/verbs.ts";
import { useVerb } from "../pages/use-verb.ts";
import { Dialog } from "./dialog.tsx";
import { ErrorCard } from "./error-card.tsx";
import { LineDiff } from "./line-diff.tsx";
import { usePageValue, useStore } from "./use-store.tsx";

type Part = UpdateResult["parts"][number];

/** Says quietly that Karyon ships newer notebooks, modules or templates than the workspace has, and takes them over. */
export function NewerLine(): ReactNode {
  const boot = usePageValue(({ page }) => page.snapshot?.boot ?? null);
  const [times, setTimes] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  const asked = useVerb<UpdateResult>("update", `${boot} ${times}`, { dry_run: true });
  // What cannot be looked at now is looked at by `doctor`; a line below the page is no place for it.
  const parts = asked.kind === "there" ? asked.result.parts : [];
  if (parts.length === 0 && !isOpen) return null;
  return (
    <>
      <button type="button" className="kernel-line" aria-haspopup="dialog" onClick={() => setIsOpen(true)}>
        <span aria-hidden="true">↥</span> Karyon ships {counted(parts.length, "newer part")}
      </button>
      {isOpen ? (
        <NewerDialog
          parts={parts}
          onDone={() => setTimes((before) => before + 1)}
          onClose={() => setIsOpen(false)}
        />
      ) : null}
    </>
  );
}

interface DialogProps {
  readonly parts: readonly Part[];
  /** Something was taken over, or said to stay. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function NewerDialog({ parts, onDone, onClose }: DialogProps): ReactNode {
  const store = useStore();
  const [error, setError] = useState<ErrorInfo | null>(null);
  const update = async (parameters: Readonly<Record<string, unknown>>): Promise<void> => {
    try {
      await store.drafts.flushAll();
      const { conflicts } = await askVerb<UpdateResult>("update", parameters);
      if (conflicts > 0) store.toast(`${counted(conflicts, "cell")} stands twice: both had changed it`);
      setError(null);
    } catch (caught) {
      setError(errorInfo(caught));
    }
    onDone();
  };
  const free = parts.filter(({ mine }) => mine === "unchanged");
  const changed = parts.filter(({ mine }) => mine === "changed");
  return (
    <Dialog title="Newer than what is here" wide onClose={onClose}>
      {parts.length === 0 ? <p>Nothing that Karyon ships is newer than what is here.</p> : null}
      {free.length === 0 ? null : (
        <>
          <p>You did not change these. What was made from them becomes stale.</p>
          {free.map(({ name }) => (
            <Difference key={name} name={name} />
          ))}
        </>
      )}
      {changed.length === 0 ? null : (
        <>
          <p>
            You changed these: nothing happens to them unless you say so. What is put aside lies in the trash.
          </p>
          {changed.map(({ name, mergeable }) => (
            <div key={name} className="newer-part">
              <Difference name={name} />
              {mergeable ? (
                <button
                  type="button"
                  className="button quiet"
                  title="Takes over the cells that you did not change."
                  aria-label={`Merge ${name}`}
                  onClick={() => void update({ names: [name], take: "merged" })}
                >
                  Merge
                </button>
              ) : null}
              <button
                type="button"
                className="button quiet"
                aria-label={`Take theirs: ${name}`}
                onClick={() => void update({ names: [name], take: "theirs" })}
              >
                Take theirs
              </button>
              <button
                type="button"
                className="button quiet"
                aria-label={`Keep mine: ${name}`}
                onClick={() => void update({ names: [name], take: "mine" })}
              >
                Keep mine
              </button>
            </div>
          ))}
        </>
      )}
      {error === null ? null : <ErrorCard error={error} title="not done" />}
      <div className="dialog-buttons">
        {free.length === 0 ? null : (
          <button type="button" className="button primary" onClick={() => void update({})}>
            Take over what I did not change
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

/** A part, and what is different in it once it is opened. */
function Difference({ name }: { readonly name: string }): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="newer-difference" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <code>{name}</code>
      </summary>
      {isOpen ? <Lines name={name} /> : null}
    </details>
  );
}

function Lines({ name }: { readonly name: string }): ReactNode {
  const asked = useVerb<UpdateResult>("update", name, { names: [name], dry_run: true });
  if (asked.kind === "asking") return <p className="output-note">Looking…</p>;
  if (asked.kind === "failed") return <ErrorCard error={asked.error} />;
  return asked.result.parts
    .flatMap(({ files }) => files)
    .map(({ path, change, lines = [] }) => (
      <div key={path}>
        <p>
          {path}
          {change === "changed" ? "" : change === "new" ? " · new" : " · shipped no more"}
        </p>
        <LineDiff changes={lines} label={`difference of ${path}`} />
      </div>
    ));
}
