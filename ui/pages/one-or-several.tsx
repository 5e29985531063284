import { useState } from "react";
import type { ReactNode } from "react";

import { count } from "#protocol/numerals.ts";
import { namesInShort } from "#protocol/vcf-files.ts";

import { commonName } from "./sample-name.ts";

interface Props {
  readonly files: readonly File[];
  /** They are one sample, of this name. */
  readonly onOne: (sample: string) => void;
  readonly onEach: () => void;
  readonly onCancel: () => void;
}

/** Asks of files that came together whether they are one sample. */
export function OneOrSeveral({ files, onOne, onEach, onCancel }: Props): ReactNode {
  const names = files.map(({ name }) => name);
  const [sample, setSample] = useState(commonName(names));
  return (
    <fieldset className="transfer question">
      <legend>
        <bdi>{namesInShort(names)}</bdi>: one sample in {count(files.length)} files, such as SNPs and indels,
        or a sample each?
      </legend>
      <label className="field">
        Name of the one sample
        <input value={sample} placeholder="genome" onChange={(event) => setSample(event.target.value)} />
      </label>
      <button type="button" className="button" onClick={() => onOne(sample.trim() || "genome")}>
        One sample
      </button>
      <button type="button" className="button" onClick={onEach}>
        A sample each
      </button>
      <button type="button" className="button quiet" onClick={onCancel}>
        Not now
      </button>
    </fieldset>
  );
}
