import { useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import { bytes, count, counted } from "#protocol/numerals.ts";
import type { AssetView } from "#protocol/view.ts";

import { StateMark } from "../shell/state-mark.tsx";
import { useNow, usePage } from "../shell/use-store.tsx";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { ago, shortHash } from "../words/numbers.ts";
import { catalogue, kindsOf, wordsOf } from "./catalogue.ts";
import { PageFrame } from "./page-frame.tsx";

interface Props {
  readonly onChoose: (asset: AssetKey) => void;
}

const ANY = "";

/** Every asset of the workspace for the chosen sample. */
export function AssetsPage({ onChoose }: Props): ReactNode {
  const { page, states } = usePage();
  const [search, setSearch] = useState("");
  const [kind, setKind] = useState(ANY);
  const [state, setState] = useState(ANY);
  const now = useNow(20_000);
  const assets = page.snapshot?.assets ?? [];
  const shown = catalogue(assets, states, { search, kind, state });
  const total = bytes(shown.reduce((sum, asset) => sum + (asset.record?.bytes ?? 0), 0));
  return (
    <PageFrame
      title="Assets"
      facts={[`${count(shown.length)} of ${counted(assets.length, "asset")}`, total, page.snapshot?.partition]
        .filter((fact) => fact !== undefined && fact !== "")
        .join(" · ")}
      tools={
        <>
          <input
            type="search"
            aria-label="search assets"
            placeholder="search by name or kind"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Choice label="kind" any="every kind" value={kind} values={kindsOf(assets)} onChange={setKind} />
          <Choice
            label="state"
            any="every state"
            value={state}
            values={wordsOf(states)}
            onChange={setState}
          />
        </>
      }
    >
      {shown.length === 0 ? <p className="output-note">No asset is as you asked.</p> : null}
      <ul className="rows" aria-label="assets">
        {shown.map((asset) => {
          const name = states.get(asset.key)?.name ?? "missing";
          return (
            <li key={asset.key}>
              <button type="button" className="row-button" onClick={() => onChoose(asset.key)}>
                <StateMark state={name} />
                <span className="row-name">
                  <bdi>{asset.key}</bdi> <span className="sub">{asset.kind}</span>
                </span>
                <span className={`row-word ink-${STATE_LOOKS[name].tone}`}>{STATE_LOOKS[name].word}</span>
                <span className="row-facts">{assetFacts(asset, now)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </PageFrame>
  );
}

function assetFacts({ record, observed }: AssetView, now: number): string {
  if (record === null) return observed ?? "";
  const rows = record.rows === null ? [] : [counted(record.rows, "row")];
  return [...rows, bytes(record.bytes), ago(record.madeAt, now), shortHash(record.dataVersion)].join(" · ");
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, any, value, values, onChange }: ChoiceProps): ReactNode {
  return (
    <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value={ANY}>{any}</option>
      {values.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  );
}
