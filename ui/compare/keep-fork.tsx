import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { AssetView } from "#protocol/view.ts";
import type { ModuleEdit } from "#protocol/what-if.ts";

import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { writtenWords } from "./written-words.ts";

interface Props {
  readonly asset: AssetView;
  readonly edits: readonly ModuleEdit[];
}

/** Keeps the fork of one module as a module of its own or, of a module that is a cell, in that cell. */
export function KeepFork({ asset, edits }: Props): ReactNode {
  const store = useStore();
  /** A toast would lie below the dialog. */
  const [kept, setKept] = useState<string | null>(null);
  const modules = [...new Set(edits.map(({ module }) => module))];
  const [chosen, setChosen] = useState("");
  const module = modules.includes(chosen) ? chosen : (modules[0] ?? "");
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const wanted = name ?? `my_${module}`;
  const isCell = usePageValue(
    ({ page }) =>
      page.snapshot?.assets.some(({ key, kind, notebook }) => {
        return key === module && kind === "module" && notebook !== null;
      }) ?? false,
  );
  const fork = { asset: asset.key, partition: asset.partition, module, edits };
  const writeIntoCell = async (): Promise<void> => {
    try {
      await store.drafts.flushAll();
      const { notebook } = await askVerb<{ readonly notebook: string }>("what-if-keep", fork);
      store.show(null);
      store.toast(writtenWords(module, notebook, store));
    } catch (caught) {
      setError(errorInfo(caught));
    }
  };
  const keep = async (): Promise<void> => {
    try {
      const question = { ...fork, name: wanted };
      const { folder } = await askVerb<{ readonly folder: string }>("what-if-keep", question);
      setError(null);
      setKept(
        `Kept as notebooks/${folder}. Write ${wanted} into the use: of a set of modules to annotate with it.`,
      );
    } catch (caught) {
      setKept(null);
      setError(errorInfo(caught));
    }
  };
  return (
    <form
      className="compare-choices"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <label>
        Keep the fork of
        <select value={module} onChange={(event) => setChosen(event.target.value)}>
          {modules.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label>
        as the module
        <input
          value={wanted}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" className="button">
        Keep it
      </button>
      {isCell ? (
        <button type="button" className="button" onClick={() => void writeIntoCell()}>
          Write it into the cell
        </button>
      ) : null}
      <p className="fork-kept" role="status">
        {kept}
      </p>
      {error === null ? null : <ErrorCard error={error} title="not kept" />}
    </form>
  );
}
