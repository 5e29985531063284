import { useState } from "react";
import type { ReactNode } from "react";

import { count } from "#protocol/numerals.ts";

interface Props {
  /** Of the file, as people see it. */
  readonly name: string;
  readonly samples: readonly string[];
  readonly onChoose: (sample: string) => void;
  readonly onCancel: () => void;
}

/** From this many on they are searched. */
const MANY = 12;
/** Names shown at a time: a file of a cohort holds thousands. */
const MOST_SHOWN = 60;

/** Asks whose genome of a file is wanted. */
export function ChooseSample({ name, samples, onChoose, onCancel }: Props): ReactNode {
  const [wanted, setWanted] = useState("");
  const found = samples.filter((sample) => sample.toLowerCase().includes(wanted.trim().toLowerCase()));
  const hidden = found.length - MOST_SHOWN;
  return (
    <fieldset className="transfer question">
      <legend>
        <bdi>{name}</bdi> holds {count(samples.length)} samples. Whose genome is wanted?
      </legend>
      {samples.length < MANY ? null : (
        <label className="field grow">
          Find a sample
          <input type="search" value={wanted} autoFocus onChange={(event) => setWanted(event.target.value)} />
        </label>
      )}
      {found.slice(0, MOST_SHOWN).map((sample) => (
        <button key={sample} type="button" className="button" onClick={() => onChoose(sample)}>
          <bdi>{sample}</bdi>
        </button>
      ))}
      {hidden > 0 ? (
        <span className="row-facts">and {count(hidden)} more: write a part of the name</span>
      ) : null}
      {found.length === 0 ? <span className="row-facts">none of that name</span> : null}
      <button type="button" className="button quiet" onClick={onCancel}>
        Not now
      </button>
    </fieldset>
  );
}
