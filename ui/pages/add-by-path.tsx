import { useState } from "react";
import type { FormEvent, ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";

import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { sampleNameOf } from "./sample-name.ts";

/** A file that stays where it is. */
export function AddByPath({ user }: { readonly user: string }): ReactNode {
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [column, setColumn] = useState("");
  const [error, setError] = useState<ErrorInfo | null>(null);
  const sample = name.trim() === "" ? sampleNameOf(path) : name.trim();
  const add = async (): Promise<void> => {
    setError(null);
    try {
      const vcfSample = column.trim() === "" ? {} : { vcfSample: column.trim() };
      await askVerb("partitions-add", { key: `${user}/${sample}`, vcf: path.trim(), ...vcfSample });
      setPath("");
      setName("");
      setColumn("");
    } catch (failure) {
      setError(errorInfo(failure));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void add();
  };
  return (
    <form className="field-row" onSubmit={submit}>
      <label className="field grow">
        Path of a VCF on this computer; it stays there
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
          placeholder={sampleNameOf(path)}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <label className="field">
        Column, if there are several
        <input value={column} onChange={(event) => setColumn(event.target.value)} />
      </label>
      <button type="submit" className="button" disabled={path.trim() === "" || user === ""}>
        Add
      </button>
      {error === null ? null : <ErrorCard error={error} title="not added" onDismiss={() => setError(null)} />}
    </form>
  );
}
