import type { ReactNode } from "react";

import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";
import type { HistoryResult, PastVersion } from "#protocol/verb-results.ts";

import { useVerb } from "../pages/use-verb.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { Marked } from "../shell/marked.tsx";
import { usePage, useStore } from "../shell/use-store.tsx";
import { depths } from "../state/depth.ts";
import { causeSentences } from "../words/cause.ts";
import { engineWords } from "../words/facts.ts";
import { shortHash } from "../words/numbers.ts";
import { versionWords } from "./versions.ts";

/** The versions of an asset: when each was made, by what, and what had changed; each can be looked at again. */
export function HistoryDialog({ asset }: { readonly asset: AssetKey }): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const view = page.snapshot?.assets.find(({ key }) => key === asset);
  const partition = view?.partition ?? "";
  const asked = useVerb<HistoryResult>(
    "history",
    view?.record?.dataVersion ?? "",
    partition === WHOLE ? { asset } : { asset, partition },
  );
  return (
    <Dialog title={`History of ${asset}`} wide onClose={() => store.show(null)}>
      <div aria-live="polite" aria-busy={asked.kind === "asking"}>
        {asked.kind === "asking" ? <p className="output-note">Looking…</p> : null}
        {asked.kind === "failed" ? <ErrorCard error={asked.error} /> : null}
        {asked.kind === "there" ? <Versions {...asked.result} /> : null}
      </div>
      <p className="dialog-buttons">
        <button type="button" className="button" onClick={() => store.show(null)}>
          Close
        </button>
      </p>
    </Dialog>
  );
}

function Versions({ asset, versions }: HistoryResult): ReactNode {
  if (versions.length === 0) return <p className="output-note">It was not made yet.</p>;
  return (
    <ol className="versions" reversed>
      {versions.map((version, at) => (
        <li key={version.record.seq}>
          <VersionLine asset={asset} version={version} stands={at === 0} first={at === versions.length - 1} />
        </li>
      ))}
    </ol>
  );
}

interface LineProps {
  readonly asset: AssetKey;
  readonly version: PastVersion;
  /** Whether it is the one that stands. */
  readonly stands: boolean;
  readonly first: boolean;
}

function VersionLine({ asset, version, stands, first }: LineProps): ReactNode {
  const store = useStore();
  const assets = usePage().page.snapshot?.assets ?? [];
  const { record, causes, same, kept } = version;
  const changed =
    causes.length > 0
      ? causeSentences(causes, asset, depths(assets)).join(" · ")
      : first
        ? "the first"
        : same
          ? "nothing had changed"
          : "the content alone";
  const words = versionWords(record);
  const close = (then: () => void) => (): void => {
    store.show(null);
    then();
  };
  return (
    <>
      <p>
        <strong>{words}</strong>
        {stands ? <span className="tag">stands</span> : null}
        <span className="hash" title={`data version ${record.dataVersion}`}>
          {shortHash(record.dataVersion)}
        </span>
      </p>
      <p className="muted">
        {record.rows === null ? "" : `${counted(record.rows, "row")} · `}
        {bytes(record.bytes)} · {record.engine === null ? record.software : engineWords(record.engine)}
        {record.runEngine === undefined ? "" : ", chosen for its run"}
        {same ? " · the same content as before" : ""}
        {kept ? "" : " · its files are not kept any more"}
      </p>
      <p>
        <Marked text={changed} />
      </p>
      <p className="version-tools">
        {stands || !kept ? null : (
          <button
            type="button"
            className="button"
            aria-label={`Show ${words}`}
            onClick={close(() => store.showVersion(record))}
          >
            Show it
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-label={`Show the notebook as of then: ${words}`}
          onClick={close(() => void store.showAsOf(record.madeAt))}
        >
          Show the notebook as of then
        </button>
        {stands || !kept ? null : (
          <button
            type="button"
            className="button"
            aria-label={`Compare ${words} with the one that stands`}
            onClick={() => store.show({ kind: "compare", asset, before: record.run })}
          >
            Compare
          </button>
        )}
      </p>
    </>
  );
}
