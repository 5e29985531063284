import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { count, counted, signed } from "#protocol/numerals.ts";
import type { Progress } from "#protocol/record.ts";
import { isIncomplete } from "#protocol/trace.ts";
import type { Trace, TracedLine, TracedRecord, TracedVariant } from "#protocol/trace.ts";

import { askVerb } from "../connection/verbs.ts";
import type { Asked } from "../pages/use-verb.ts";
import { useVerb } from "../pages/use-verb.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { usePage, useStore } from "../shell/use-store.tsx";
import { progressWords } from "../words/progress.ts";

interface Props {
  /** Null: of the sample, whatever asset has it. */
  readonly asset: AssetKey | null;
  readonly site: string;
}

/** What a row is from: the records and, when they are asked for, the lines of the genome file; the rows of modules, and why not. */
export function TraceDialog({ asset, site }: Props): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const view = page.snapshot?.assets.find(({ key }) => key === asset);
  const partition = view?.partition ?? page.snapshot?.partition ?? "";
  const question = { partition, site, ...(asset === null ? {} : { asset }) };
  const asked = useVerb<Trace>("trace", view?.record?.dataVersion ?? "", { ...question, lines: false });
  return (
    <Dialog title={`Where the rows at ${site} are from`} wide onClose={() => store.show(null)}>
      <div aria-live="polite" aria-busy={asked.kind === "asking"}>
        {asked.kind === "asking" ? <p className="output-note">Looking…</p> : null}
        {asked.kind === "failed" ? <ErrorCard error={asked.error} title="could not look" /> : null}
        {asked.kind === "there" ? <Traced trace={asked.result} question={question} /> : null}
      </div>
      <p className="dialog-buttons">
        <button type="button" className="button" autoFocus onClick={() => store.show(null)}>
          Close
        </button>
      </p>
    </Dialog>
  );
}

interface TracedProps {
  readonly trace: Trace;
  readonly question: Readonly<Record<string, unknown>>;
}

function Traced({ trace, question }: TracedProps): ReactNode {
  // A record that a rule removed may be found by its line alone.
  const [withLines, setWithLines] = useState<Trace | null>(null);
  const { records, variants, unread, could_not_look: notes, cut } = withLines ?? trace;
  const isNone = records.length === 0 && notes.length === 0;
  return (
    <div className="trace">
      {notes.map((note) => (
        <p key={note} className="trace-open">
          Could not look: {note}.
        </p>
      ))}
      <h3>In the genome file</h3>
      {isNone ? <p>No record is here.</p> : null}
      <ul className="trace-records">
        {records.map((record, index) => (
          <li key={index}>
            <code>{recordPlace(record)}</code> {record.words}
          </li>
        ))}
      </ul>
      {cut ? <p className="muted">There are more; only the first are told.</p> : null}
      <Lines question={question} onTrace={setWithLines} />
      <h3>In the modules</h3>
      {variants.length === 0 && trace.annotations !== null ? <p>No module has a row here.</p> : null}
      {variants.map((variant, index) => (
        <Variant key={index} variant={variant} />
      ))}
      {unread.map(({ module, reason }) => (
        <p key={module} className="trace-open">
          {module} was not read, and says nothing: {reason}.
        </p>
      ))}
    </div>
  );
}

function recordPlace({ chrom, start, rsid, ref, alt }: TracedRecord): string {
  const place = chrom === null || start === null ? (rsid ?? "") : `${chrom}:${start}`;
  return ref === null ? place : `${place} ${ref}>${alt === null || alt === "" ? "." : alt}`;
}

type LinesStage =
  | { readonly kind: "closed" }
  | { readonly kind: "reading"; readonly progress: Progress | null }
  | Exclude<Asked<Trace>, { readonly kind: "asking" }>;

interface LinesProps extends Pick<TracedProps, "question"> {
  readonly onTrace: (trace: Trace) => void;
}

/** The lines of the genome files. They are read, and shown, only when a person asks: a whole file may take a while. */
function Lines({ question, onTrace }: LinesProps): ReactNode {
  const [stage, setStage] = useState<LinesStage>({ kind: "closed" });
  const reading = useRef<AbortController | null>(null);
  useEffect(() => () => reading.current?.abort(), []);
  const box = useRef<HTMLDivElement>(null);
  /** With each step the button goes that may have the focus. */
  const show = (next: LinesStage): void => {
    if (box.current?.contains(document.activeElement) === true) box.current.focus();
    setStage(next);
  };
  const read = async (): Promise<void> => {
    const abort = new AbortController();
    reading.current = abort;
    show({ kind: "reading", progress: null });
    try {
      const result = await askVerb<Trace>("trace", { ...question, lines: true }, abort.signal, (progress) => {
        if (!abort.signal.aborted) setStage({ kind: "reading", progress });
      });
      if (abort.signal.aborted) return;
      show({ kind: "there", result });
      onTrace(result);
    } catch (error) {
      if (!abort.signal.aborted) show({ kind: "failed", error: errorInfo(error) });
    }
  };
  const stop = (): void => {
    reading.current?.abort();
    show({ kind: "closed" });
  };
  return (
    <div ref={box} tabIndex={-1} className="trace-file" role="group" aria-label="lines of the file">
      <LinesAt stage={stage} onRead={() => void read()} onStop={stop} />
    </div>
  );
}

interface LinesAtProps {
  readonly stage: LinesStage;
  readonly onRead: () => void;
  readonly onStop: () => void;
}

function LinesAt({ stage, onRead, onStop }: LinesAtProps): ReactNode {
  switch (stage.kind) {
    case "closed":
      return (
        <button type="button" className="button" onClick={onRead}>
          Show the lines of the file
        </button>
      );
    case "reading":
      return (
        <p className="trace-reading">
          <span role="status">
            {stage.progress === null ? "reading the file" : progressWords(stage.progress, null)}
          </span>{" "}
          <button type="button" className="button" onClick={onStop}>
            Stop
          </button>
        </p>
      );
    case "failed":
      return (
        <ErrorCard
          error={stage.error}
          title="the lines could not be read"
          action={{ label: "Try again", onPress: onRead }}
        />
      );
    case "there":
      return <ReadLines trace={stage.result} />;
  }
}

function ReadLines({ trace }: { readonly trace: Trace }): ReactNode {
  const { input } = trace;
  if (input === null) return null;
  return (
    <>
      {input.files.map(({ name, state, reason }) =>
        state === "read" ? null : (
          <p key={name} className="trace-open">
            {state === "failed" ? "Failed to read" : "Could not look into"} {name}: {reason}.
          </p>
        ),
      )}
      {!isIncomplete(trace) && input.lines.length === 0 ? <p>No line of the file is here.</p> : null}
      <ul className="trace-lines">
        {input.lines.map((line) => (
          <li key={`${line.file} ${line.line}`}>
            <p>
              {line.file}, line {line.line}
              {line.record === null ? `: ${line.became}` : null}
            </p>
            <pre>{line.text}</pre>
            <LeftOut line={line} />
          </li>
        ))}
      </ul>
    </>
  );
}

function LeftOut({ line: { other_samples: others, cut } }: { readonly line: TracedLine }): ReactNode {
  const parts = [
    ...(cut > 0 ? [`${count(cut)} more characters`] : []),
    ...(others > 0 ? [`the columns of ${counted(others, "other sample")}`] : []),
  ];
  return parts.length === 0 ? null : <p className="muted">without {parts.join(" and ")}</p>;
}

function Variant({ variant }: { readonly variant: TracedVariant }): ReactNode {
  const { module, rsid, chrom, start, gene, words, rows } = variant;
  const place = chrom === null || start === null ? "without a place" : `${chrom}:${start}`;
  return (
    <table className="trace-rows">
      <caption>
        <strong>{module}</strong> {[rsid, place, gene].filter((part) => part !== null).join(" · ")}: {words}
      </caption>
      <thead>
        <tr>
          <th scope="col">genotype</th>
          <th scope="col">weight</th>
          <th scope="col">what came of it</th>
        </tr>
      </thead>
      <tbody>
        {(rows ?? []).map((row, index) => {
          const isMet = row.verdict === "matched" || row.verdict === "inferred";
          return (
            <tr key={index} className={isMet ? "met" : undefined}>
              <th scope="row">{row.genotype}</th>
              <td className="number">{row.weight === null ? "" : signed(row.weight)}</td>
              <td>
                <strong>{isMet ? row.verdict : "not matched"}</strong>: {row.reason}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
