import { useRef, useState } from "react";
import type { ReactNode } from "react";

import { dimensions } from "#protocol/ids.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { bytes, count } from "#protocol/numerals.ts";
import { fractionOf } from "#protocol/record.ts";
import type { Progress } from "#protocol/record.ts";
import type { Snapshot } from "#protocol/view.ts";

import { exportedUrl } from "../connection/urls.ts";
import { askVerb } from "../connection/verbs.ts";
import { standingInputs, standingValues } from "../runtime/standing-values.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { useStore } from "../shell/use-store.tsx";
import { moment } from "../words/numbers.ts";
import { progressWords } from "../words/progress.ts";
import { CellChoice } from "./cell-choice.tsx";
import type { Choice } from "./choice.ts";
import { exportRequest, firstChoice } from "./choice.ts";

/** What `notebook-export` says of the file. */
interface Exported {
  readonly file: string;
  readonly name: string;
  readonly bytes: number;
  readonly seal: string;
  readonly tables: readonly { readonly asset: string; readonly rows: number; readonly of: number | null }[];
  readonly without: readonly { readonly cell: string; readonly why: string }[];
  readonly unsettled: readonly { readonly cell: string; readonly why: string }[];
}

type Stage =
  | { readonly kind: "choosing" }
  /** Null until something is told. */
  | { readonly kind: "writing"; readonly progress: Progress | null }
  | { readonly kind: "failed"; readonly error: ErrorInfo }
  | { readonly kind: "done"; readonly exported: Exported };

/** Asks what an exported file is to hold, and hands it over. */
export function ExportDialog({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const store = useStore();
  const [choice, setChoice] = useState<Choice>(() => firstChoice(snapshot));
  const [stage, setStage] = useState<Stage>({ kind: "choosing" });
  const abort = useRef(new AbortController());
  const { cells } = snapshot.notebook;
  const stop = (): void => {
    abort.current.abort();
    setStage({ kind: "choosing" });
  };
  const close = (): void => {
    abort.current.abort();
    store.show(null);
  };
  const write = async (): Promise<void> => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setStage({ kind: "writing", progress: null });
    try {
      await store.drafts.flushAll();
      const standing = {
        values: standingValues(cells, store.outputs),
        inputs: standingInputs(cells, store.outputs),
      };
      const request = exportRequest(snapshot, choice, standing);
      const exported = await askVerb<Exported>("notebook-export", request, signal, (progress) => {
        if (!signal.aborted) setStage({ kind: "writing", progress });
      });
      setStage({ kind: "done", exported });
    } catch (error) {
      if (!signal.aborted) setStage({ kind: "failed", error: errorInfo(error) });
    }
  };
  return (
    <Dialog title="Export as one file" onClose={close}>
      {stage.kind === "done" ? (
        <Done exported={stage.exported} onClose={close} />
      ) : stage.kind === "writing" ? (
        <Writing progress={stage.progress} onStop={stop} />
      ) : (
        <form
          className="export-form"
          onSubmit={(event) => {
            event.preventDefault();
            void write();
          }}
        >
          <p className="dialog-words">
            One HTML file that opens without Karyon and without a network
            {snapshot.notebook.at === undefined ? "" : `, as it was on ${moment(snapshot.notebook.at)}`}.
            Nothing is run again; what you leave out is not in it.
          </p>
          <Choices snapshot={snapshot} choice={choice} onChange={setChoice} />
          {stage.kind === "failed" ? <ErrorCard error={stage.error} title="not exported" /> : null}
          <p className="dialog-buttons">
            <button type="submit" className="button primary" disabled={choice.cells.size === 0}>
              Export
            </button>
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
          </p>
        </form>
      )}
    </Dialog>
  );
}

interface ChoicesProps {
  readonly snapshot: Snapshot;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

function Choices({ snapshot, choice, onChange }: ChoicesProps): ReactNode {
  const { sample } = dimensions(snapshot.partition);
  return (
    <>
      <fieldset>
        <legend>Code</legend>
        {(["folded", "shown", "left-out"] as const).map((code) => (
          <label key={code} className="choice">
            <input
              type="radio"
              name="code"
              checked={choice.code === code}
              onChange={() => onChange({ ...choice, code })}
            />
            {code === "left-out" ? "left out" : code}
          </label>
        ))}
      </fieldset>
      <label className="field">
        Most rows of a table
        <input
          type="number"
          min={0}
          step={1}
          required
          value={choice.rows}
          onChange={(event) => onChange({ ...choice, rows: event.target.value })}
        />
      </label>
      {sample === "" ? null : (
        <label className="field">
          The sample is called (empty: it is not named)
          <input
            value={choice.sample}
            onChange={(event) => onChange({ ...choice, sample: event.target.value })}
          />
        </label>
      )}
      {snapshot.notebook.at === undefined ? (
        <label className="choice">
          <input
            type="checkbox"
            checked={choice.fresh}
            onChange={(event) => onChange({ ...choice, fresh: event.target.checked })}
          />
          First make what is stale or missing
        </label>
      ) : null}
      <CellChoice snapshot={snapshot} choice={choice} onChange={onChange} />
    </>
  );
}

/** How far the file is: which figure of how many, and how large it is by now. */
function Writing({
  progress,
  onStop,
}: {
  readonly progress: Progress | null;
  readonly onStop: () => void;
}): ReactNode {
  const fraction = progress === null ? null : fractionOf(progress);
  return (
    <div className="export-form">
      <p className="dialog-words" role="status">
        {progress === null ? "Writing…" : progressWords(progress, null)}
      </p>
      <progress
        aria-label="progress of the export"
        max={1}
        {...(fraction === null ? {} : { value: fraction })}
      />
      <p className="dialog-buttons">
        <button type="button" className="button" autoFocus onClick={onStop}>
          Stop
        </button>
      </p>
    </div>
  );
}

function Done({
  exported,
  onClose,
}: {
  readonly exported: Exported;
  readonly onClose: () => void;
}): ReactNode {
  const cut = exported.tables.filter(({ rows, of }) => of !== null && of > rows);
  return (
    <div role="status">
      <p>
        {exported.name}, {bytes(exported.bytes)}. It lies at <code>{exported.file}</code>.
      </p>
      <ul className="going">
        {cut.map(({ asset, rows, of }) => (
          <li key={asset}>
            <code>{asset}</code>: the first {count(rows)} of {count(of ?? 0)} rows
          </li>
        ))}
        {exported.unsettled.map(({ cell, why }) => (
          <li key={`of ${cell}`}>
            <code>{cell}</code> is not final: {why}
          </li>
        ))}
        {exported.without.map(({ cell, why }) => (
          <li key={cell}>
            Nothing is shown of <code>{cell}</code>: {why}
          </li>
        ))}
      </ul>
      <p className="dialog-words">
        Seal <code>{exported.seal.slice(0, 16)}</code>; <code>karyon report verify</code> checks the file.
      </p>
      <p className="dialog-buttons">
        <a ref={focusFirst} className="button primary" href={exportedUrl(exported.name)} download>
          Download
        </a>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </p>
    </div>
  );
}

/** What was pressed is gone. */
function focusFirst(link: HTMLElement | null): void {
  link?.focus();
}
