import { useState } from "react";
import type { FormEvent, ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { genomeStem } from "#protocol/genome-name.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { ChooseSample } from "./choose-sample.tsx";

interface Props {
  readonly user: string;
  readonly onDone: (partition: PartitionKey) => void;
}

type Added = { readonly key: PartitionKey; readonly choose?: readonly string[] };

/** A file that stays where it is; its head is read before it is added. */
export function AddByPath({ user, onDone }: Props): ReactNode {
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [column, setColumn] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const [choose, setChoose] = useState<readonly string[] | null>(null);
  const sample = name.trim() === "" ? genomeStem(path) : name.trim();

  const add = async (chosen: string): Promise<void> => {
    setError(null);
    setChoose(null);
    setBusy(true);
    try {
      const vcfSample = chosen === "" ? {} : { vcfSample: chosen };
      const question = { key: `${user}/${sample}`, vcf: path.trim(), ...vcfSample };
      const added = await askVerb<Added>("partitions-add", question);
      if (added.choose !== undefined) {
        setChoose(added.choose);
        return;
      }
      setPath("");
      setName("");
      setColumn("");
      onDone(added.key);
    } catch (failure) {
      setError(errorInfo(failure));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void add(column.trim());
  };
  return (
    <>
      <form className="field-row" onSubmit={submit}>
        <label className="field grow">
          Path of a genome file on this computer; it stays there
          <input
            value={path}
            placeholder="/data/genome.vcf.gz"
            onChange={(event) => setPath(event.target.value)}
          />
        </label>
        <label className="field">
          Sample name
          <input
            value={name}
            placeholder={genomeStem(path)}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="field">
          Column, if there are several
          <input value={column} onChange={(event) => setColumn(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={busy || path.trim() === "" || user === ""}>
          {busy ? "Reading its head" : "Add"}
        </button>
      </form>
      {error === null ? null : <ErrorCard error={error} title="not added" onDismiss={() => setError(null)} />}
      {choose === null ? null : (
        <ChooseSample
          name={path.trim().replace(/^.*[/\\]/, "")}
          samples={choose}
          onChoose={(one) => void add(one)}
          onCancel={() => setChoose(null)}
        />
      )}
    </>
  );
}
