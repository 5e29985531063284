import type { ReactNode } from "react";

import { counted } from "#protocol/numerals.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";
import type { AssetView } from "#protocol/view.ts";

import { Marked } from "../shell/marked.tsx";
import { useChooseAsset } from "../shell/use-choose-asset.ts";
import { useNow, useStore } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS, isRunning, queueWords } from "../state/cell-state.ts";
import { cachedLine, factsLine } from "../words/facts.ts";
import { shortHash } from "../words/numbers.ts";
import { progressWords } from "../words/progress.ts";

interface Props {
  readonly asset: AssetView;
  readonly state: CellState;
}

/** The muted line of a cell: the word of its state, then what there is to say of it. */
export function StateFacts({ asset, state }: Props): ReactNode {
  const atWork = isRunning(state);
  const now = useNow(atWork || state.name === "stopping" ? 500 : 20_000);
  const store = useStore();
  const choose = useChooseAsset();
  const look = STATE_LOOKS[state.name];
  const left = atWork ? store.progress.left(state.run, asset.key, now) : null;
  const text = factsOf(asset, state, left, now);
  return (
    <span className="facts">
      <span className={`word ink-${look.tone}`}>{wordOf(asset, state)}</span>
      {text === "" ? null : (
        <>
          {" · "}
          <Marked text={text} onName={choose} />
        </>
      )}
      {asset.record === null || atWork ? null : (
        <>
          {" · "}
          <span className="hash" title={`data version ${asset.record.dataVersion}`}>
            {shortHash(asset.record.dataVersion)}
          </span>
        </>
      )}
    </span>
  );
}

function wordOf(asset: AssetView, state: CellState): string {
  if (state.name === "missing" && asset.external) return "not there yet";
  return STATE_LOOKS[state.name].word;
}

function factsOf(asset: AssetView, state: CellState, left: number | null, now: number): string {
  switch (state.name) {
    case "running":
    case "streaming":
      return [
        state.sparing === null ? "" : SPARING_WORDS[state.sparing],
        state.progress === null ? "" : progressWords(state.progress, left),
      ]
        .filter((words) => words !== "")
        .join(" · ");
    case "queued":
      return queueWords(state)
        .replace(/^queued, /, "")
        .replace(/^queued /, "");
    case "stopping":
      return state.since === null
        ? ""
        : `${Math.max(0, Math.floor((now - Date.parse(state.since)) / 1000))} s`;
    case "offline":
      return "the run goes on if the server does";
    case "held":
      return asset.record === null ? "" : `${behindWords(state.behind)} · ${factsLine(asset.record, now)}`;
    case "disabled":
      return state.by === asset.key ? "by you" : `\`${state.by}\` is disabled`;
    case "unknown":
      return `\`${state.upstream}\` is not there yet`;
    case "untrusted":
      return asset.record === null
        ? "this notebook is not trusted"
        : `this notebook is not trusted · the result of before is kept · ${factsLine(asset.record, now)}`;
    case "blocked":
      return state.byCheck
        ? `the check of \`${state.upstream}\` failed`
        : `upstream \`${state.upstream}\` failed`;
    case "cancelled":
      return asset.record === null
        ? "nothing was kept"
        : `the result of before is kept · ${factsLine(asset.record, now)}`;
    case "cached":
      return asset.record === null ? "" : cachedLine(asset.record, state.from);
    case "missing":
      return state.erased === true ? "what it was made from was erased" : "";
    case "absent":
    case "past":
    case "fresh":
    case "observed":
    case "failed":
    case "killed":
    case "stale-code":
    case "stale-input":
    case "stale-software":
      return asset.record === null ? "" : factsLine(asset.record, now);
  }
}

function behindWords(behind: number): string {
  return behind === 0 ? "nothing newer" : `${counted(behind, "version")} behind`;
}
