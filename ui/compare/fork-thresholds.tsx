import type { ReactNode } from "react";

import type { Thresholds } from "#protocol/what-if.ts";

interface Props {
  /** Those that stand. */
  readonly standing: Thresholds;
  readonly thresholds: Thresholds;
  readonly onChange: (thresholds: Thresholds) => void;
}

const RULES = [
  { name: "min_qual", words: "Quality of a call at least" },
  { name: "min_depth", words: "Reads at least" },
] as const;

/** Stricter filters of the genome; what the ones that stand removed cannot come back here. */
export function ForkThresholds({ standing, thresholds, onChange }: Props): ReactNode {
  return (
    <div className="compare-choices">
      {RULES.map(({ name, words }) => (
        <label key={name}>
          {words}
          <input
            type="number"
            min={standing[name] ?? 0}
            placeholder={standing[name] === null ? "any" : String(standing[name])}
            value={thresholds[name] ?? ""}
            onChange={(event) => {
              const value = event.target.value === "" ? null : Number(event.target.value);
              onChange({ ...thresholds, [name]: value });
            }}
          />
        </label>
      ))}
      <p className="fork-hint">
        Fewer records pass, never more: for that, change the filters that stand and run it again.
      </p>
    </div>
  );
}
