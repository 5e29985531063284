import { useState } from "react";
import type { FormEvent, ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { genomeStem } from "#protocol/genome-name.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { fileNames, namesInShort } from "#protocol/vcf-files.ts";

import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { ChooseSample } from "./choose-sample.tsx";
import { CameAloud, SampleCame } from "./sample-came.tsx";
import { commonName } from "./sample-name.ts";

interface Props {
  readonly user: string;
  readonly onDone: (partition: PartitionKey) => void;
  /** To the notebook, of the sample that came. */
  readonly onOpen: (partition: PartitionKey) => void;
}

interface Added {
  readonly key: PartitionKey;
  readonly choose?: readonly string[];
  /** Files that may be cut off: nobody said that they are whole. */
  readonly unmarked?: readonly string[];
}

/** A file that stays where it is, or several that are one sample; their heads are read before they are added. */
export function AddByPath({ user, onDone, onOpen }: Props): ReactNode {
  const [path, setPath] = useState("");
  const [name, setName] = useState("");
  const [column, setColumn] = useState("");
  const [came, setCame] = useState<{ readonly file: string; readonly partition: PartitionKey } | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const [choose, setChoose] = useState<readonly string[] | null>(null);
  /** The chosen column, while it is asked whether the file is whole. */
  const [doubted, setDoubted] = useState<string | null>(null);
  const paths = path
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const stem = paths.length > 1 ? commonName(paths) || "genome" : genomeStem(paths[0] ?? "");
  const sample = name.trim() === "" ? stem : name.trim();
  const files = namesInShort(fileNames(paths));

  const add = async (chosen: string, whole = false): Promise<void> => {
    setError(null);
    setChoose(null);
    setDoubted(null);
    setBusy(true);
    try {
      const vcfSample = chosen === "" ? {} : { vcfSample: chosen };
      const question = {
        key: `${user}/${sample}`,
        vcf: paths,
        fresh: true,
        ...vcfSample,
        ...(whole ? { whole } : {}),
      };
      const added = await askVerb<Added>("partitions-add", question);
      if (added.unmarked !== undefined) {
        setDoubted(chosen);
        return;
      }
      if (added.choose !== undefined) {
        setChoose(added.choose);
        return;
      }
      setPath("");
      setName("");
      setColumn("");
      setCame({ file: files, partition: added.key });
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
          Path of a genome file, which stays there (several of one sample: with ; between)
          <input
            value={path}
            placeholder="/data/genome.vcf.gz"
            onChange={(event) => setPath(event.target.value)}
          />
        </label>
        <label className="field">
          Sample name
          <input value={name} placeholder={stem} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="field">
          Column, if there are several
          <input value={column} onChange={(event) => setColumn(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={busy || paths.length === 0 || user === ""}>
          {busy ? "Reading its head" : "Add"}
        </button>
      </form>
      {error === null ? null : <ErrorCard error={error} title="not added" onDismiss={() => setError(null)} />}
      {choose === null ? null : (
        <ChooseSample
          name={files}
          samples={choose}
          onChoose={(one) => void add(one, true)}
          onCancel={() => setChoose(null)}
        />
      )}
      {doubted === null ? null : (
        <fieldset className="transfer question">
          <legend>
            <bdi>{files}</bdi> may be cut off: the mark of its end is missing. Compare its size with the
            original.
          </legend>
          <button type="button" className="button" onClick={() => void add(doubted, true)}>
            It is whole
          </button>
          <button type="button" className="button quiet" onClick={() => setDoubted(null)}>
            Not now
          </button>
        </fieldset>
      )}
      {came === null ? null : <SampleCame {...came} onOpen={onOpen} onDismiss={() => setCame(null)} />}
      <CameAloud last={came} />
    </>
  );
}
