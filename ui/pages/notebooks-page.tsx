import { useState } from "react";
import type { FormEvent, ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { counted } from "#protocol/numerals.ts";

import { askVerb } from "../connection/verbs.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { usePage, useStore } from "../shell/use-store.tsx";
import { PageFrame } from "./page-frame.tsx";

/** What is being asked about a notebook. */
interface Question {
  readonly verb: "create" | "rename" | "duplicate" | "delete";
  /** Path of the notebook; null for a new one. */
  readonly from: string | null;
}

const TITLES: Readonly<Record<Question["verb"], string>> = {
  create: "New notebook",
  rename: "Rename",
  duplicate: "Duplicate",
  delete: "Move to the trash",
};

/** The notebooks of the workspace. */
export function NotebooksPage({ onOpen }: { readonly onOpen: () => void }): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  const [question, setQuestion] = useState<Question | null>(null);
  const notebooks = snapshot?.notebooks ?? [];
  const open = (path: string): void => {
    store.open(path, null);
    onOpen();
  };
  return (
    <PageFrame
      title="Notebooks"
      facts={counted(notebooks.length, "notebook")}
      tools={
        <button
          type="button"
          className="button primary"
          onClick={() => setQuestion({ verb: "create", from: null })}
        >
          New notebook
        </button>
      }
    >
      <ul className="rows" aria-label="notebooks">
        {notebooks.map(({ path, title }) => (
          <li key={path} className="sample-row">
            <button
              type="button"
              className="row-button"
              aria-current={path === snapshot?.notebook.path ? "true" : undefined}
              onClick={() => open(path)}
            >
              <span className="row-name">
                {title} <span className="sub">{path}</span>
              </span>
            </button>
            {(["rename", "duplicate", "delete"] as const).map((verb) => (
              <button
                key={verb}
                type="button"
                className="button quiet"
                aria-label={`${verb === "delete" ? "Delete" : TITLES[verb]} ${path}`}
                onClick={() => setQuestion({ verb, from: path })}
              >
                {verb === "delete" ? "Delete" : TITLES[verb]}
              </button>
            ))}
          </li>
        ))}
        {snapshot?.unread?.map(({ path, error }) => (
          <li key={path}>
            <ErrorCard error={error} title={path} />
          </li>
        ))}
      </ul>
      {question === null ? null : (
        <Ask
          question={question}
          onDone={(path) => {
            setQuestion(null);
            if (path === null) return;
            if (question.verb !== "delete") open(path);
            // With the last one goes all that the page shows.
            else if (notebooks.every((one) => one.path === path)) location.assign("/#/notebooks");
          }}
        />
      )}
    </PageFrame>
  );
}

interface AskProps {
  readonly question: Question;
  /** `path`: of the notebook that was made or deleted; null when nothing was done. */
  readonly onDone: (path: string | null) => void;
}

function Ask({ question: { verb, from }, onDone }: AskProps): ReactNode {
  const [name, setName] = useState(from === null ? "" : verb === "duplicate" ? copyOf(from) : from);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const carryOut = async (): Promise<void> => {
    const file = name.trim().endsWith(".md") ? name.trim() : `${name.trim()}.md`;
    try {
      const made = await askVerb<{ readonly notebook?: string }>(
        `notebook-${verb}`,
        verb === "delete" ? { name: from } : verb === "create" ? { name: file } : { from, name: file },
      );
      onDone(made.notebook ?? from);
    } catch (failure) {
      setError(errorInfo(failure));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void carryOut();
  };
  return (
    <Dialog title={from === null ? TITLES[verb] : `${TITLES[verb]}: ${from}`} onClose={() => onDone(null)}>
      <form onSubmit={submit}>
        {verb === "delete" ? (
          <p>The file goes to the trash of the workspace. What it made stays.</p>
        ) : (
          <label className="field">
            File name
            <input autoFocus value={name} onChange={(event) => setName(event.target.value)} />
          </label>
        )}
        {error === null ? null : <ErrorCard error={error} title="not done" />}
        <div className="dialog-buttons">
          <button
            type="submit"
            className={verb === "delete" ? "button danger" : "button primary"}
            disabled={verb !== "delete" && name.trim() === ""}
          >
            {TITLES[verb]}
          </button>
          <button type="button" className="button" onClick={() => onDone(null)}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function copyOf(path: string): string {
  return path.replace(/(\.md)?$/, "-copy.md");
}
